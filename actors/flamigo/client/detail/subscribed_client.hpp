#pragma once

#include <any>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "flamigo/bus/bus.hpp"
#include "flamigo/client/detail/channel_client.hpp"
#include "flamigo/client/detail/client_subscriptions.hpp"
#include "flamigo/domain/domain_behavior.hpp"

namespace flamigo::detail {

/// A layer of a connection actor: what the client has of its own, and
/// the events that it gets.
class subscribed_client : public channel_client {
public:
  using channel_client::channel_client;

  ~subscribed_client() override;

  // -- in this actor ----------------------------------------------------------

  /// A task is on its way here that will tell of a subscription which the bus
  /// knows already. From any thread, before the bus knows.
  void expect_task() noexcept {
    unlearned_.fetch_add(1, std::memory_order_relaxed);
  }

  /// `since` is the mark between what was before the subscription and what was
  /// not.
  void forward(const topic_pattern& pattern, std::uint64_t since);

  void listen(const topic_pattern& pattern, listener what, std::uint64_t since);

  void add_strategy(const named_strategy& what);

  void drop_subscription(std::string_view what);

  /// What was just subscribed under this text ends with a domain actor.
  void tie(std::string_view what, caf::actor_id domain);

  /// That domain actor has ended.
  void release(caf::actor_id domain);

  std::any& state();

  // -- overridden from CAF ----------------------------------------------------

  using connected_client::enqueue;

  /// An event that somebody has sent by CAF's means is one all the same.
  void enqueue(caf::strong_actor_ptr source, caf::message_id id,
               caf::message content, caf::execution_unit* from) override;

  // -- homed_actor ------------------------------------------------------------

  /// It goes right to the socket, if nothing waits that it would overtake and
  /// no handler wants it: no mailbox, no turn of the actor for each client of a
  /// fan-out.
  void hear(const event_ptr& what) override;

  void accept_event(const event_ptr& what) override;

  // -- overridden from CAF ----------------------------------------------------

  void on_exit() override;

protected:
  void handle_event(const event& what);

  /// A task has come.
  void learn() noexcept {
    unlearned_.fetch_sub(1, std::memory_order_relaxed);
  }

  /// The client's own strategy of this name, or the registry's, or null.
  strategy_ptr find_strategy(std::string_view name) const;

private:
  void dispatch(const event& what);

  /// Where nothing waits before it.
  void forward_now(const event& what) {
    if (has_channels())
      return forward_in_channels(what);
    // Found by what the client has of its own.
    if (!is_deaf() && what.is_for_clients())
      out_.send_now(what);
  }

  /// The same for a client that has channels.
  void forward_in_channels(const event& what);

  client_subscriptions& own();

  /// Whether an event that the bus has for this client may go to the socket
  /// without a closer look: the bus has found the client by what it has now.
  bool only_forwards(const event& what) const noexcept {
    return (own_ ? own_->only_forwards() : has_channels())
           && what.stamp() > changed_
           && unlearned_.load(std::memory_order_relaxed) == 0;
  }

  /// To be called when the client's subscriptions are others than before.
  void changed() override {
    changed_ = env_.application.bus.mark();
  }

  std::unique_ptr<client_subscriptions> own_;
  std::atomic<std::uint32_t> unlearned_ = 0;
  /// The mark of the last change of the subscriptions.
  std::uint64_t changed_ = 0;
};

} // namespace flamigo::detail
