#pragma once

#include <string>
#include <vector>

#include "flamigo/strategy/strategy_info.hpp"

namespace flamigo::detail {

/// Lists strategies for a person: a heading, then a line for each handler.
std::string strategy_table(const std::vector<strategy_info>& strategies);

} // namespace flamigo::detail
