#include "flamigo/bus/detail/bus_group.hpp"

#include <caf/actor_system.hpp>
#include <caf/message.hpp>
#include <caf/sec.hpp>

#include "flamigo/bus/detail/bus_state.hpp"
#include "flamigo/bus/event.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

bus_group::bus_group(std::shared_ptr<bus_state> state, std::string pattern)
  : caf::abstract_group(*state, std::move(pattern), state->system().node()),
    state_(std::move(state)) {
}

bus_group::~bus_group() = default;

bool bus_group::subscribe(caf::strong_actor_ptr who) {
  // CAF asks whether it has to unsubscribe the actor when that ends, which it
  // has even if somebody else subscribed the actor before.
  state_->subscribe(who, identifier());
  return true;
}

void bus_group::unsubscribe(const caf::actor_control_block* who) {
  state_->unsubscribe(who, identifier());
}

void bus_group::enqueue(caf::strong_actor_ptr sender, caf::message_id id,
                        caf::message content, caf::execution_unit* host) {
  auto where = topic::parse(identifier());
  if (!where) {
    log::error("a message was sent to the group \"" + identifier()
               + "\", which is a pattern: send to a topic");
    return;
  }
  if (content.match_elements<event_ptr>()) {
    auto what = event::also_under(content.get_as<event_ptr>(0),
                                  std::move(*where));
    if (!id.is_async())
      return state_->deliver_as(std::move(sender), id, what, host);
    // Who sends has no use for an error, and it has been logged.
    (void) state_->deliver(what, host);
    return;
  }
  if (auto all = state_->match({&*where, 1}))
    all->for_each([&](const caf::strong_actor_ptr& who) {
      who->enqueue(sender, id, content, host);
    });
}

caf::error bus_group::save(caf::serializer&) const {
  return caf::make_error(caf::sec::no_such_group_module,
                         "a group of the bus does not leave its process");
}

void bus_group::stop() {
  // The bus is stopped as a whole.
}

} // namespace flamigo::detail
