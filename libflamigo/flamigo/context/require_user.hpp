#pragma once

#include <caf/expected.hpp>

#include "flamigo/claims/user.hpp"
#include "flamigo/claims/validator.hpp"
#include "flamigo/context/context.hpp"

namespace flamigo {

/// The user on whose behalf a strategy runs. Fails with `errc::unauthorized`
/// when the actor has not authenticated, and with what the guard says when it
/// says no: `require_user(ctx, has_permission("chat:moderate"))`.
caf::expected<user> require_user(const context& ctx,
                                 const validator& guard = {});

} // namespace flamigo
