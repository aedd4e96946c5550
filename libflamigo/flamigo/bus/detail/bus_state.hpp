#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include <caf/abstract_group.hpp>
#include <caf/group_module.hpp>

#include "flamigo/bus/detail/subscription_table.hpp"
#include "flamigo/bus/event.hpp"
#include "flamigo/topic/topic_pattern.hpp"

namespace flamigo {

class event_relay;
class event_stage;
class metric_registry;

} // namespace flamigo

namespace flamigo::detail {

class bus_group;
class sync_delivery;

/// The bus behind its handle: CAF's group module, and the subscribers. It lives
/// until the last group is gone. Thread-safe.
class bus_state final : public caf::group_module,
                        public std::enable_shared_from_this<bus_state> {
public:
  explicit bus_state(caf::actor_system& system);

  ~bus_state() override;

  // -- group_module -----------------------------------------------------------

  void stop() override;

  /// Fails if the name is no pattern.
  caf::expected<caf::group> get(const std::string& name) override;

  /// Not supported: a group of the bus does not leave its process.
  caf::error load(caf::deserializer& source, caf::group& storage) override;

  // -- groups and subscribers -------------------------------------------------

  caf::group group(const topic_pattern& pattern);

  /// False when it was subscribed before, or the bus has been stopped.
  bool subscribe(const caf::strong_actor_ptr& who, std::string_view pattern);

  void unsubscribe(const caf::actor_control_block* who,
                   std::string_view pattern);

  std::size_t count(const caf::actor_control_block* who) const;

  receivers_ptr match(std::span<const topic> topics);

  /// Everyone with a pattern that matches, and who stands for others elsewhere.
  std::vector<caf::strong_actor_ptr> subscribers(const topic& what);

  // -- events -----------------------------------------------------------------

  /// See `bus::pass_by`.
  void pass_by(event_stage& what) noexcept {
    stage_.store(&what, std::memory_order_release);
  }

  /// See `bus::relay_by`.
  void relay_by(std::shared_ptr<event_relay> what);

  /// See `bus::count_in`.
  void count_in(metric_registry& where) noexcept {
    metrics_.store(&where, std::memory_order_release);
  }

  /// See `bus::deliver`.
  caf::error deliver(const event_ptr& what, caf::execution_unit* unit);

  /// The same as requests whose answers are waited for.
  sync_delivery deliver_and_ask(const event_ptr& what,
                                caf::execution_unit* unit);

  /// Delivers it as this message of this sender.
  void deliver_as(caf::strong_actor_ptr sender, caf::message_id id,
                  const event_ptr& what, caf::execution_unit* unit);

  /// Stamps the event as well, if somebody gets it. Marks are what counts, not
  /// events, so that a publish writes nothing that another one reads.
  receivers_ptr match(const event& what);

  /// See `bus::mark`.
  std::uint64_t mark() noexcept;

  /// Nodes and groups that are kept, for a look at the memory.
  std::size_t size() const;

  /// See `bus::subscriptions`.
  std::size_t subscriptions() const {
    return table_.subscriptions();
  }

  /// See `bus::most_wanted`.
  std::vector<topic_use> most_wanted(std::size_t limit,
                                     std::string_view text) const {
    return table_.most_wanted(limit, text);
  }

private:
  using group_ptr = caf::intrusive_ptr<bus_group>;

  /// Lets go of the groups that nobody but this holds.
  void sweep();

  /// By which it passes, or null.
  event_stage* stage_of(const event& what) const;

  /// Each event that is delivered, once.
  void pass_on(const event_ptr& what) const noexcept;

  /// The same for one that all of these are sent as a message.
  void pass_on(const event_ptr& what, const receivers_ptr& all) const noexcept;

  void count_published() const noexcept;

  /// Who is asked to handle it, which is passed on with that.
  receivers_ptr ask_of(const event_ptr& what);

  /// Counts subscribers who are told in another way than by their threads.
  void count_delivered(std::size_t subscribers) const noexcept;

  /// To whom it concerns now.
  void tell(const event_ptr& what, caf::execution_unit* unit);

  subscription_table table_;
  std::atomic<event_stage*> stage_ = nullptr;
  std::atomic<event_relay*> relay_ = nullptr;
  std::shared_ptr<event_relay> relay_owner_;
  std::atomic<metric_registry*> metrics_ = nullptr;
  /// The stamp of what is published now.
  std::atomic<std::uint64_t> latest_ = 1;
  mutable std::mutex mtx_;
  /// CAF knows a group by its address, so there is one for each pattern.
  std::unordered_map<std::string, group_ptr> groups_;
  std::size_t sweep_at_ = 64;
  bool stopped_ = false;
};

} // namespace flamigo::detail
