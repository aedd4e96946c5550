#pragma once

#include <memory>
#include <optional>

#include "flamigo/actors/detail/auth_gate.hpp"
#include "flamigo/actors/detail/subscribed_client.hpp"
#include "flamigo/user.hpp"

namespace flamigo::detail {

/// The third layer of a connection actor: who the client is, and for how long.
class user_client : public subscribed_client {
public:
  using subscribed_client::subscribed_client;

  /// In this actor; see `client::set_user`.
  caf::error set_user(std::optional<user> who);

protected:
  /// Switches authentication on for this connection.
  void lock();

  /// Null where clients need not authenticate.
  auth_gate* gate() noexcept {
    return gate_.get();
  }

private:
  /// Subscribes the client to the topic of the user that it has become, or
  /// takes that back.
  void follow(const std::optional<user>& before);

  /// Closes the connection if its time is up, else sets the timer.
  void check_time();

  std::unique_ptr<auth_gate> gate_;
  caf::message_id timer_;
};

} // namespace flamigo::detail
