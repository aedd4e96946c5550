#pragma once

#include "flamigo/bus/event.hpp"
#include "flamigo/presence/presence_change.hpp"

namespace flamigo {

/// What an engine publishes, with what clients get of it, whose topic is none
/// of the program's. Throws std::invalid_argument if the channel's topic is too
/// long (`presence_change::topic_of`), and std::bad_alloc.
event_ptr make_presence_event(presence_change what);

} // namespace flamigo
