#pragma once

#include "flamigo/admin/detail/admin_sources.hpp"
#include "flamigo/claims/validator.hpp"
#include "flamigo/strategy/strategy_registry.hpp"

namespace flamigo::detail {

/// Registers what tells of the program as a whole: `app::admin:overview`,
/// `:strategies`, `:domains`, `:topics` and `:errors` (docs/admin.md).
void add_program_strategies(strategy_registry& to, const validator& guard,
                            const admin_sources& from);

} // namespace flamigo::detail
