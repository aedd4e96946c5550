#pragma once

#include <string>
#include <string_view>

#include <caf/expected.hpp>

#include "flamigo/claims/claims.hpp"

namespace flamigo {

/// Returns the claims of somebody who is thought of: `guest`, who is nobody;
/// `user`, who has authenticated; `user:chat:moderate,chat:read`, a user with
/// these permissions. Fails with a sentence for any other text.
caf::expected<claims> claims_like(std::string_view who);

} // namespace flamigo
