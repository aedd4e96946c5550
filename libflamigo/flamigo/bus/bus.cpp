#include "flamigo/bus/bus.hpp"

#include "flamigo/bus/detail/bus_state.hpp"
#include "flamigo/bus/detail/sync_delivery.hpp"
#include "flamigo/bus/event_stage.hpp"

namespace flamigo {

namespace {

/// As the subscription table has it.
std::string exactly(const topic& what) {
  auto result = what.text();
  result += '/';
  return result += detail::subscription_table::exact_segment;
}

} // namespace

bus::bus(caf::actor_system& system)
  : system_(system), state_(std::make_shared<detail::bus_state>(system)) {
}

bus::~bus() {
  stop();
}

void bus::stop() {
  state_->stop();
}

acting_actor bus::from_backend() {
  return {{}, backend_claims()};
}

// -- groups -------------------------------------------------------------------

caf::group bus::group(std::string_view pattern) const {
  return state_->group(topic_pattern{std::string{pattern}});
}

bool bus::subscribe(const caf::strong_actor_ptr& who,
                    const topic_pattern& pattern) const {
  return state_->subscribe(who, pattern.text());
}

void bus::unsubscribe(const caf::actor_control_block* who,
                      const topic_pattern& pattern) const {
  state_->unsubscribe(who, pattern.text());
}

bool bus::subscribe_exactly(const caf::strong_actor_ptr& who,
                            const topic& what) const {
  return state_->subscribe(who, exactly(what));
}

void bus::unsubscribe_exactly(const caf::actor_control_block* who,
                              const topic& what) const {
  state_->unsubscribe(who, exactly(what));
}

std::size_t bus::subscriptions(const caf::actor_control_block* who) const {
  return state_->count(who);
}

std::vector<caf::strong_actor_ptr> bus::subscribers(const topic& what) const {
  return state_->subscribers(what);
}

// -- publishing ---------------------------------------------------------------

void bus::pass_by(event_stage& what) const {
  state_->pass_by(what);
}

void bus::relay_by(std::shared_ptr<event_relay> what) const {
  state_->relay_by(std::move(what));
}

void bus::count_in(metric_registry& where) const {
  state_->count_in(where);
}

caf::error bus::deliver(const event_ptr& what,
                        caf::execution_unit* host) const {
  return state_->deliver(what, host);
}

publish_report bus::deliver_and_wait(const event_ptr& what,
                                     caf::timespan timeout) const {
  return deliver_and_ask(what, nullptr).wait(timeout);
}

detail::sync_delivery bus::deliver_and_ask(const event_ptr& what,
                                           caf::execution_unit* host) const {
  return state_->deliver_and_ask(what, host);
}

std::uint64_t bus::mark() const {
  return state_->mark();
}

std::size_t bus::size() const {
  return state_->size();
}

std::size_t bus::subscriptions() const {
  return state_->subscriptions();
}

std::vector<topic_use> bus::most_wanted(std::size_t limit,
                                        std::string_view text) const {
  return state_->most_wanted(limit, text);
}

} // namespace flamigo
