#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <caf/actor_control_block.hpp>
#include <caf/expected.hpp>
#include <caf/fwd.hpp>
#include <caf/group.hpp>
#include <caf/timespan.hpp>

#include "flamigo/bus/detail/exit_message.hpp"
#include "flamigo/bus/detail/typed_event.hpp"
#include "flamigo/bus/detail/waiting.hpp"
#include "flamigo/bus/event.hpp"
#include "flamigo/bus/publish_report.hpp"
#include "flamigo/bus/topic_use.hpp"
#include "flamigo/topic/topic_pattern.hpp"

namespace flamigo {

namespace detail {

class bus_state;

class sync_delivery;

} // namespace detail

class event_relay;
class event_stage;
class metric_registry;

/// The realtime bus: every topic and every pattern is a CAF group, which any
/// actor joins, leaves and sends to with CAF's own calls.
///
///   self->join(bus.group("users/*"));
///   self->send(bus.group("users/42"), user_changed{...});
///   bus.publish(posted{"general", "hi"});
///
/// An actor gets an event once, however many of its patterns match and however
/// many topics the event has. One publisher's events of one topic come in order
/// to each subscriber. An actor that ends is forgotten. A topic that nobody
/// listens to costs nothing.
///
/// All members are thread-safe; actors and other threads may use it alike.
class bus {
public:
  /// The bus has to be there until the last actor of the system has ended.
  explicit bus(caf::actor_system& system);

  bus(const bus&) = delete;

  bus& operator=(const bus&) = delete;

  /// Stops, if that was not done.
  ~bus();

  /// Forgets all subscribers. Nothing is delivered afterwards.
  void stop();

  /// The actor system whose actors subscribe and publish.
  caf::actor_system& system() const noexcept {
    return system_;
  }

  // -- groups -----------------------------------------------------------------

  /// The group of all who want what this pattern matches. Joining it subscribes
  /// the actor. What is sent to it, under a topic, reaches every actor with a
  /// pattern that matches. Throws std::invalid_argument if the text is no
  /// pattern.
  caf::group group(std::string_view pattern) const;

  /// What joining does, for an actor that another one subscribes. Returns false
  /// when it was subscribed before.
  bool subscribe(const caf::strong_actor_ptr& who,
                 const topic_pattern& pattern) const;

  /// What leaving the group does. Nothing happens if it was not subscribed.
  void unsubscribe(const caf::actor_control_block* who,
                   const topic_pattern& pattern) const;

  /// As `subscribe`, to one topic and nothing below it.
  bool subscribe_exactly(const caf::strong_actor_ptr& who,
                         const topic& what) const;

  /// Takes that back. Nothing happens if it was not subscribed so.
  void unsubscribe_exactly(const caf::actor_control_block* who,
                           const topic& what) const;

  /// How many patterns and single topics an actor is subscribed to.
  std::size_t subscriptions(const caf::actor_control_block* who) const;

  /// Everyone with a pattern that matches this topic, each once, at this
  /// moment.
  std::vector<caf::strong_actor_ptr> subscribers(const topic& what) const;

  // -- publishing -------------------------------------------------------------

  /// Has events pass by there before they are delivered. Once; what was
  /// published before went by. It is there as long as the bus.
  void pass_by(event_stage& what) const;

  /// Has each event that is delivered relayed there as well, and says there
  /// what is wanted here: at first what is wanted already. Once. It is told
  /// nothing more when the bus stops, and kept as long as the bus.
  void relay_by(std::shared_ptr<event_relay> what) const;

  /// Has what is published and delivered counted there from now on. It outlives
  /// the bus.
  void count_in(metric_registry& where) const;

  /// Sends an event to all who listen and returns at once. The subscribers get
  /// an `event_ptr`; domain actors and connections make of it what they were
  /// told to. Fails, and publishes nothing, when the event has no topic, cannot
  /// be made, or cannot be kept where it has to be (`event_stage`); the log
  /// says so as well, and it alone if that shows later. What happens in a
  /// listener does not concern the publisher.
  ///
  /// `cause` is who caused it; the backend when left out.
  template <class T>
  [[nodiscard]] caf::error publish(T what) const {
    return publish(std::move(what), from_backend());
  }

  /// As above, on behalf of another actor than the backend.
  template <class T>
  [[nodiscard]] caf::error publish(T what, acting_actor cause) const {
    auto made = detail::make_event(std::move(what), std::move(cause));
    if (!made)
      return std::move(made.error());
    return deliver(*made, nullptr);
  }

  /// Publishes and blocks until every listener has handled the event, or until
  /// the time is up. For threads that are no actor's: in one it fails at
  /// once; use `context::publish_sync` there.
  template <class T>
  [[nodiscard]] caf::expected<publish_report>
  publish_sync(T what, caf::timespan timeout) const {
    if (auto err = detail::check_may_wait(
          "bus::publish_sync", "use ctx.publish_sync(...).then(...)"))
      return err;
    auto made = detail::make_event(std::move(what), from_backend());
    if (!made)
      return std::move(made.error());
    return deliver_and_wait(*made, timeout);
  }

  /// Publishes an event that has been made. `host` is the execution unit of the
  /// publishing actor, null elsewhere. Fails as `publish` does.
  caf::error deliver(const event_ptr& what, caf::execution_unit* host) const;

  /// Delivers and blocks; see `publish_sync`.
  publish_report deliver_and_wait(const event_ptr& what,
                                  caf::timespan timeout) const;

  /// @private
  detail::sync_delivery deliver_and_ask(const event_ptr& what,
                                        caf::execution_unit* host) const;

  /// Tells events by their stamps: what was published before the call has this
  /// value at most, what is published after it a greater one. One that is being
  /// published meanwhile has either.
  std::uint64_t mark() const;

  /// How much is kept for the sake of subscribers and groups, in entries.
  std::size_t size() const;

  /// Patterns and single topics of all subscribers.
  std::size_t subscriptions() const;

  /// Those with the most subscribers, at most so many, that have this text in
  /// them. Looks at all there are, in slices, so that nobody who subscribes
  /// waits for long; who comes or goes meanwhile may be counted or not.
  std::vector<topic_use> most_wanted(std::size_t limit,
                                     std::string_view text = {}) const;

private:
  static acting_actor from_backend();

  caf::actor_system& system_;
  std::shared_ptr<detail::bus_state> state_;
};

} // namespace flamigo
