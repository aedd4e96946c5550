#pragma once

#include <caf/actor.hpp>
#include <caf/event_based_actor.hpp>

#include <flamigo/strategy/strategy_registry.hpp>

namespace flamigo::soak {

/// Answers after so many milliseconds; asked for none, it never answers.
caf::behavior snail(caf::event_based_actor* self);

/// Inline strategies with the mistakes that an author may make: none of them is
/// to touch another client, or to keep a connection from ending.
void add_faults(flamigo::strategy_registry& all, const caf::actor& slow);

} // namespace flamigo::soak
