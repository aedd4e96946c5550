#pragma once

#include <string>
#include <vector>

#include "flamigo/access/door.hpp"

namespace flamigo {

/// Returns who comes in by which door, as text that is made to be committed and
/// compared: a line a door, sorted.
///
///   channel rooms/* -> user if its check agrees
///   strategy app::chat:delete -> user:chat:moderate
///   strategy app::chat:history -> guest; user
///   strategy app::chat:post -> user; not user:banned
///   strategy app::chat:sweep -> nobody
///
/// `user:a,b` is a user with these permissions and no other. Named are the
/// fewest permissions that open the door: whoever has more comes in as well.
/// Where a permission closes it (`not`), each set is named that is not treated
/// as those with one permission less. Permissions of which nothing is said do
/// not matter. A guard of more than ten is printed itself instead.
std::string access_matrix(const std::vector<door>& doors);

/// Returns what stands in such a line, one by one: `{"user", "not
/// user:banned"}`; nothing where nobody comes in.
std::vector<std::string> access_of(const door& what);

} // namespace flamigo
