#pragma once

#include <any>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "flamigo/actors/impl/client_subscriptions.hpp"
#include "flamigo/actors/impl/connected_client.hpp"
#include "flamigo/domain_behavior.hpp"

namespace flamigo::detail {

/// The second layer of a connection actor: what the client has of its own, and
/// the events that it gets.
class subscribed_client : public connected_client {
public:
  using connected_client::connected_client;

  ~subscribed_client() override;

  // -- in this actor ----------------------------------------------------------

  /// `since` is the stamp of the last event before the subscription.
  void forward(const topic_pattern& pattern, std::uint64_t since);

  void listen(const topic_pattern& pattern, listener what, std::uint64_t since);

  void add_strategy(const named_strategy& what);

  void drop_subscription(std::string_view what);

  std::any& state();

  // -- overridden from CAF ----------------------------------------------------

  using connected_client::enqueue;

  /// An event that is published on the connection's own thread goes right to
  /// the socket: no mailbox, no turn of the actor for each client of a fan-out.
  void enqueue(caf::strong_actor_ptr source, caf::message_id id,
               caf::message content, caf::execution_unit* from) override;

  void on_exit() override;

protected:
  void handle_event(const event& what);

  /// Whether the client gets no events for the time being.
  void deaf(bool value) noexcept {
    deaf_ = value;
  }

  /// The client's own strategy of this name, or the registry's, or null.
  strategy_ptr find_strategy(std::string_view name) const;

private:
  void dispatch(const event& what);

  void forward_event(const event& what);

  client_subscriptions& own();

  std::unique_ptr<client_subscriptions> own_;
  /// Events of this thread that wait in the mailbox; later ones queue up behind
  /// them.
  std::size_t queued_events_ = 0;
  bool deaf_ = false;
};

} // namespace flamigo::detail
