#pragma once

#include "flamigo/admin/detail/admin_sources.hpp"
#include "flamigo/claims/validator.hpp"
#include "flamigo/strategy/strategy_registry.hpp"

namespace flamigo::detail {

/// Registers `app::admin:connections`, which lists some of them,
/// `app::admin:kick`, which ends one, and `app::admin:log_level`, by
/// which the lines of one are logged (docs/admin.md).
void add_connection_strategies(strategy_registry& to, const validator& guard,
                               const admin_sources& from);

} // namespace flamigo::detail
