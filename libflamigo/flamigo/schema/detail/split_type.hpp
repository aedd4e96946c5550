#pragma once

#include "flamigo/schema/detail/type_schema.hpp"

namespace flamigo::detail {

/// Whether what is taken of a type is more than what is given: in it is a
/// record whose members may be missing, or be null instead of missing.
bool is_split(const type_schema& type);

} // namespace flamigo::detail
