#include "flamigo/bus/event_relay.hpp"

namespace flamigo {

event_relay::~event_relay() = default;

} // namespace flamigo
