#include "flamigo/client/detail/subscribed_client.hpp"

#include <optional>
#include <utility>

#include <caf/actor_clock.hpp>
#include <caf/make_message.hpp>

#include "flamigo/client/detail/client_input.hpp"
#include "flamigo/client/detail/heard_origin.hpp"
#include "flamigo/context/context.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/log_connection.hpp"
#include "flamigo/log/detail/log_origin.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/strategy/strategy_registry.hpp"

namespace flamigo::detail {

subscribed_client::~subscribed_client() = default;

client_subscriptions& subscribed_client::own() {
  if (!own_)
    own_ = std::make_unique<client_subscriptions>();
  return *own_;
}

// -- what the client has ------------------------------------------------------

void subscribed_client::forward(const topic_pattern& pattern,
                                std::uint64_t since) {
  own().set(pattern, std::nullopt, since);
  changed();
  program_subscribed(pattern, since);
}

void subscribed_client::listen(const topic_pattern& pattern, listener what,
                               std::uint64_t since) {
  own().set(pattern, std::move(what), since);
  changed();
}

void subscribed_client::add_strategy(const named_strategy& what) {
  auto mine = std::make_shared<strategy>(what.name, what.guard, what.handlers);
  if (what.is_detached)
    mine->detached();
  auto added = own().set(std::move(mine), env_.options.max_subscriptions);
  if (!added)
    log_connection(log::level::error, claims_->connection_id,
                   ": " + what.name
                     + " was not added, it has too many strategies of its own");
}

void subscribed_client::drop_subscription(std::string_view what) {
  program_unsubscribed(what);
  if (!own_)
    return;
  own_->drop(what);
  changed();
}

void subscribed_client::tie(std::string_view what, caf::actor_id domain) {
  own().tie(what, domain);
}

void subscribed_client::release(caf::actor_id domain) {
  if (!own_)
    return;
  for (auto& text : own_->tied_to(domain)) {
    program_released(text);
    if (auto pattern = topic_pattern::parse(text))
      env_.application.bus.unsubscribe(ctrl(), *pattern);
    own_->drop(text);
  }
  changed();
}

std::any& subscribed_client::state() {
  return own().state;
}

strategy_ptr subscribed_client::find_strategy(std::string_view name) const {
  if (auto mine = own_ ? own_->find(name) : nullptr)
    return mine;
  auto what = env_.application.strategies.find(name);
  // Not even to be known of.
  if (what != nullptr && what->is_internal())
    return nullptr;
  // The registry owns it, and outlives this.
  return {strategy_ptr{}, what};
}

// -- events -------------------------------------------------------------------

void subscribed_client::enqueue(caf::strong_actor_ptr source,
                                caf::message_id id, caf::message content,
                                caf::execution_unit* from) {
  if (content.match_elements<event_ptr>()) {
    auto& what = content.get_as<event_ptr>(0);
    auto own = is_running_here();
    if (id.is_async() && (own || is_home()))
      return hear(what);
    if (own) {
      out_.put_behind();
      content = caf::make_message(own_event{what});
    }
  }
  channel_client::enqueue(std::move(source), id, std::move(content), from);
}

void subscribed_client::hear(const event_ptr& what) {
  auto own = is_running_here();
  auto first = own ? !out_.has_waiting() && !overtakes() : idle();
  if (first && only_forwards(*what))
    return forward_now(*what);
  if (!own)
    return handle_later(home_, what);
  out_.put_behind();
  handle_later(context(), own_event{what});
}

void subscribed_client::accept_event(const event_ptr& what) {
  if (is_home() && is_asleep() && only_forwards(*what))
    forward_now(*what);
  else if (admit())
    accept_message(
      caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, what));
}

void subscribed_client::handle_event(const event& what) {
  client_subscriptions::wishes wishes;
  if (own_ && !is_deaf())
    wishes = own_->match(what);
  if (has_channels() && what.is_for_clients()) {
    auto heard = hear_in_channels(what);
    if (heard.is_sent)
      out_.send(what, heard.set);
    wishes.forward = wishes.forward && !heard.is_mine;
  }
  if (wishes.listeners.empty()) {
    if (wishes.forward && what.is_for_clients())
      out_.send(what, 0);
    return;
  }
  flamigo::context ctx{{&what.cause(), "event", "null",
                        clock().now() + env_.options.request_timeout, this,
                        &env_.application, nullptr}};
  // What has published it, whose step goes on in the trace.
  ctx.span(what.span());
  std::optional<heard_origin> origin;
  if (ctx.span()) [[unlikely]]
    origin.emplace(*ctx.span(), claims_->connection_id);
  log_scope scope{origin ? &*origin : nullptr};
  for (auto& x : wishes.listeners)
    if (auto err = x.handle(ctx, what))
      log_connection(log::level::error, claims_->connection_id,
                     ": " + trace_of(err));
  // Nobody cancels it.
  ctx.end();
}

void subscribed_client::forward_in_channels(const event& what) {
  if (auto frame = take_next(what); !frame.empty())
    return out_.send_now(what, 1, frame);
  if (!what.is_for_clients())
    return;
  auto heard = hear_in_channels(what);
  if (heard.is_sent)
    out_.send_now(what, heard.set, what.client_frame_in(heard.set));
  if (heard.is_mine
      || (heard.is_doubtful && (!own_ || !own_->match(what).forward)))
    return;
  if (own_ && !is_deaf())
    out_.send_now(what);
}

void subscribed_client::on_exit() {
  // Coroutines may refer to what the client has: first those.
  // NOLINTNEXTLINE(bugprone-parent-virtual-call)
  enduring_actor::on_exit();
  own_.reset();
  channel_client::on_exit();
}

} // namespace flamigo::detail
