#pragma once

#include <caf/expected.hpp>

#include "flamigo/claims/acting_actor.hpp"
#include "flamigo/claims/validator.hpp"
#include "flamigo/context/context.hpp"

namespace flamigo {

/// The actor on whose behalf a strategy runs, if its claims pass the guard, or
/// what the guard says: for a check in the middle of a strategy. What holds for
/// the whole strategy is better said where it is registered.
caf::expected<acting_actor> require_actor(const context& ctx,
                                          const validator& guard = {});

} // namespace flamigo
