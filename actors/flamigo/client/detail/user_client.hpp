#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "flamigo/auth/detail/auth_gate.hpp"
#include "flamigo/claims/user.hpp"
#include "flamigo/client/detail/client_limits.hpp"
#include "flamigo/client/detail/subscribed_client.hpp"

namespace flamigo::detail {

/// A layer of a connection actor: who the client is, and for how long.
class user_client : public subscribed_client {
public:
  user_client(caf::actor_config& cfg, const client_environment& env,
              home_unit* home, std::shared_ptr<transport> out, claims_ptr who);

  void on_exit() override;

  /// In this actor; see `client::set_user`.
  caf::error set_user(std::optional<user> who);

  /// Another actor has asked for that, in vain. If it answers the call of the
  /// authenticating strategy that is under way, then with this.
  void user_refused(caf::error why);

  /// Asks the channel's guard, and whether guests are let in at all.
  caf::expected<const channel*> may_subscribe(const topic& what) override;

protected:
  /// Switches authentication on for this connection.
  void lock();

  /// Null where clients need not authenticate.
  auth_gate* gate() noexcept {
    return gate_.get();
  }

  /// How often the client may say something; made when it is first needed.
  client_limits& limits();

  /// How long to wait with a message that has come; 0 if it need not.
  caf::timespan pace() {
    return limits_ ? limits_->take_message(now()) : caf::timespan{0};
  }

  /// Whether the client acts by a proof whose grace is over. The timer may not
  /// have noticed yet.
  bool is_outdated() const;

  /// Ends the connection of such a client, at once or, while a fresh proof may
  /// be on its way, soon.
  void end_outdated();

  /// Why `set_user` failed during the call of the authenticating strategy.
  caf::error take_refusal() noexcept {
    return std::exchange(refusal_, {});
  }

private:
  /// Subscribes the client to the topic of the user that it has become, or
  /// takes that back.
  void follow(const std::optional<user>& before);

  /// Closes the connection if its time is up, else sets the timer.
  void check_time();

  std::unique_ptr<auth_gate> gate_;
  std::unique_ptr<client_limits> limits_;
  caf::message_id timer_;
  caf::error refusal_;
  /// Whether its time is up, but something of the client was to be read still.
  bool reprieved_ = false;
};

} // namespace flamigo::detail
