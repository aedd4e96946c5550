#pragma once

#include <flamigo/strategy_registry.hpp>

namespace flamigo::soak {

/// The inline strategies of a program that behaves.
void add_strategies(flamigo::strategy_registry& all);

} // namespace flamigo::soak
