#include "flamigo/bus/event_relay.hpp"

namespace flamigo {

event_relay::~event_relay() = default;

std::vector<caf::strong_actor_ptr>
event_relay::subscribers(std::span<const topic>) const {
  return {};
}

} // namespace flamigo
