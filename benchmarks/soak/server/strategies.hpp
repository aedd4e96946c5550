#pragma once

#include <caf/actor.hpp>

#include <flamigo/strategy/strategy_registry.hpp>

namespace flamigo::soak {

/// The inline strategies of a program that behaves.
void add_strategies(flamigo::strategy_registry& all, const caf::actor& slow);

} // namespace flamigo::soak
