#include "flamigo/client/detail/user_client.hpp"

#include <chrono>
#include <string>
#include <utility>

#include <caf/actor_clock.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/channel/channel_registry.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/log_connection.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/roster/detail/client_changed.hpp"

namespace flamigo::detail {

namespace {

/// For what waits in the socket to be read.
constexpr std::chrono::milliseconds reprieve{100};

} // namespace

user_client::user_client(caf::actor_config& cfg, const client_environment& env,
                         home_unit* home, std::shared_ptr<transport> out,
                         claims_ptr who)
  : subscribed_client(cfg, env, home, std::move(out), std::move(who)) {
  if (client_limits::are_wanted(env.options))
    limits();
}

void user_client::on_exit() {
  // Others may hold this actor for long.
  limits_.reset();
  subscribed_client::on_exit();
}

client_limits& user_client::limits() {
  if (!limits_) {
    limits_ = std::make_unique<client_limits>(env_.options, *env_.users);
    if (claims_->user)
      limits_->become(&*claims_->user, now());
  }
  return *limits_;
}

void user_client::lock() {
  gate_ = std::make_unique<auth_gate>(env_.auth->options, clock().now());
  deaf(gate_->is_deaf());
  check_time();
}

caf::error user_client::set_user(std::optional<user> who) {
  auto before = claims_;
  if (out_.closed())
    return make_error(errc::unavailable, "the connection is closing");
  if (who && who->id.empty())
    return internal_error("a user needs an id");
  if (who && who->id.size() > max_user_id)
    return internal_error("a user's id of " + std::to_string(who->id.size())
                          + " bytes is too long: at most "
                          + std::to_string(max_user_id) + " are possible");
  auto is_other = who && before->user && who->id != before->user->id;
  if (is_other || (who && gate_ && !gate_->is_for(*who)))
    return make_error(errc::conflict,
                      "this connection is another user's, open a new one");
  if (who && gate_ && gate_->is_over(who->expiry, env_.auth->now()))
    return make_error(errc::unauthorized, "the token has expired");
  if (who && gate_ && gate_->revoked())
    return make_error(errc::conflict, "you have been signed out meanwhile");
  if (limits_ && !limits_->become(who ? &*who : nullptr, now()))
    return make_error(errc::too_many_requests,
                      "this user has too many connections, close one");
  // A new value: calls that are under way keep the claims they began with.
  auto next = std::make_shared<claims>(*before);
  next->user = std::move(who);
  claims_ = std::move(next);
  if (claims_->user)
    meter().add(metric::authentications,
                static_cast<std::size_t>(auth_outcome::accepted), 1);
  follow(before->user);
  send(caf::actor_cast<caf::actor>(env_.roster), client_changed{id(), claims_});
  if (gate_) {
    gate_->set(claims_->user, clock().now());
    deaf(gate_->is_deaf());
    check_time();
  }
  ask_channels_again();
  return {};
}

caf::expected<const channel*> user_client::may_subscribe(const topic& what) {
  auto* found = env_.channels != nullptr ? env_.channels->find(what) : nullptr;
  if (found == nullptr)
    return make_error(errc::unknown_channel,
                      "there is no channel \"" + what.text() + "\"");
  if (gate_ && gate_->locked() && !found->guard().is_open())
    return make_error(errc::unauthorized);
  if (auto err = found->check(*claims_, what))
    return err;
  return found;
}

void user_client::user_refused(caf::error why) {
  if (out_.closed())
    return;
  if (gate_ && gate_->calling())
    refusal_ = std::move(why);
  else
    log_connection(log::level::warning, claims_->connection_id,
                   ": the client did not become a user: " + trace_of(why));
}

void user_client::follow(const std::optional<user>& before) {
  auto& now = claims_->user;
  if (before.has_value() == now.has_value())
    return;
  auto& events = env_.application.bus;
  topic_pattern where{user_topic(now ? now->id : before->id).text()};
  if (now) {
    auto since = events.mark();
    events.subscribe(caf::actor_cast<caf::strong_actor_ptr>(this), where);
    forward(where, since);
  } else {
    events.unsubscribe(ctrl(), where);
    drop_subscription(where.text());
  }
}

bool user_client::is_outdated() const {
  return gate_ && gate_->expires() && gate_->is_over(env_.auth->now());
}

void user_client::end_outdated() {
  // A fresh proof may be on its way; the timer looks again in any case.
  if (!reprieved_ && !gate_->calling())
    check_time();
}

void user_client::check_time() {
  if (timer_.is_response()) {
    clock().cancel_request_timeout(this, timer_);
    multiplexed_responses_.erase(timer_);
    timer_ = {};
  }
  auto left = gate_->time_left(clock().now(), env_.auth->now());
  auto is_over = left && left->count() == 0;
  if (is_over) {
    // The process may have stood still while the client did what it had to.
    if (std::exchange(reprieved_, true) || !out_.has_input())
      return close(gate_->verdict());
    left = reprieve;
  } else {
    reprieved_ = false;
  }
  if (!left)
    return;
  timer_ = new_request_id(caf::message_priority::normal).response_id();
  add_multiplexed_response_handler(
    timer_, caf::behavior{[this](const caf::error&) { check_time(); }});
  clock().set_request_timeout(clock().now() + *left, this, timer_);
}

} // namespace flamigo::detail
