#pragma once

#include <string_view>
#include <vector>

#include "flamigo/access/door.hpp"

namespace flamigo {

class channel_registry;
class strategy_registry;

/// Returns a door for each strategy, sorted by name. Where clients authenticate
/// by `auth_strategy`, guests are turned away from all others that are not open
/// to them; empty says that nobody authenticates.
std::vector<door> doors_of(const strategy_registry& all,
                           std::string_view auth_strategy);

/// Returns a door for each channel, in the order in which they were declared;
/// guests are turned away as above.
std::vector<door> doors_of(const channel_registry& all,
                           const strategy_registry& strategies,
                           std::string_view auth_strategy);

} // namespace flamigo
