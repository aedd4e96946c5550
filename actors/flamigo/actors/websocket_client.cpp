#include "flamigo/actors/websocket_client.hpp"

#include <exception>
#include <map>
#include <utility>

#include <caf/actor_clock.hpp>
#include <caf/mailbox_element.hpp>

#include "flamigo/actors/client.hpp"
#include "flamigo/actors/client_atoms.hpp"
#include "flamigo/actors/client_changed.hpp"
#include "flamigo/actors/detail/client_input.hpp"
#include "flamigo/client_message.hpp"
#include "flamigo/context.hpp"
#include "flamigo/detail/begun_call.hpp"
#include "flamigo/error.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/log.hpp"
#include "flamigo/strategy_registry.hpp"
#include "flamigo/strategy_reply.hpp"

namespace flamigo {

namespace {

/// The connection actor that this thread runs.
thread_local const websocket_client* running = nullptr;

/// Says so for as long as it lives.
class running_scope {
public:
  explicit running_scope(const websocket_client* what)
    : before_(std::exchange(running, what)) {
  }

  running_scope(const running_scope&) = delete;

  running_scope& operator=(const running_scope&) = delete;

  ~running_scope() {
    running = before_;
  }

private:
  const websocket_client* before_;
};

} // namespace

// -- construction -------------------------------------------------------------

websocket_client::websocket_client(caf::actor_config& cfg,
                                   const client_environment& env,
                                   caf::execution_unit* home,
                                   std::shared_ptr<transport> out,
                                   claims_ptr who)
  : caf::event_based_actor(cfg), env_(env), home_(home), out_(std::move(out)),
    claims_(std::move(who)) {
}

websocket_client::~websocket_client() = default;

const char* websocket_client::name() const {
  return "websocket_client";
}

caf::behavior websocket_client::make_behavior() {
  set_default_handler(caf::drop);
  set_exception_handler([this](std::exception_ptr& what) -> caf::error {
    try {
      std::rethrow_exception(what);
    } catch (const std::exception& e) {
      log::error("connection " + claims_->connection_id
                 + ": its actor ends by an exception: " + e.what());
      return to_exit_reason({close_code::internal_error, "internal error"});
    }
  });
  response_handler_ = {
    [this](strategy_reply& reply) { on_response(&reply.payload, {}); },
    [this](caf::error& why) { on_response(nullptr, std::move(why)); },
  };
  return {
    [this](const detail::text_frame& frame) { handle_frame(frame.text); },
    [this](const detail::stashed_frame& frame) {
      --stashed_;
      handle_frame(frame.text);
    },
    [this](const detail::socket_end& end) {
      out_.disconnect();
      quit(to_exit_reason(end.why));
    },
    [this](const event_ptr& what) {
      if (current_mailbox_element()->sender == ctrl())
        --queued_events_;
      handle_event(*what);
    },
    [this](const detail::client_task& what) { what.run(*this); },
    [this](const detail::socket_start& start) { open(start.token); },
    [this](const client_message& what) { send_event(what); },
    [this](const close_reason& why) { close(why); },
    [this](claims_atom) { return claims_; },
    [this](drain_atom) {
      draining_ = true;
      close_if_drained();
    },
  };
}

// -- input --------------------------------------------------------------------

void websocket_client::receive(caf::execution_unit* unit,
                               std::string_view text) {
  running_scope scope{this};
  if (stashed_ == 0) {
    detail::text_frame frame{text};
    caf::mailbox_element_view<detail::text_frame> element{
      nullptr, caf::make_message_id(), {}, frame};
    if (activate(unit, element) != activation_result::skipped)
      return;
  }
  // A strategy awaits a response, which holds every other message back.
  ++stashed_;
  enqueue(caf::make_mailbox_element(nullptr, caf::make_message_id(), {},
                                    detail::stashed_frame{std::string{text}}),
          unit);
}

void websocket_client::opened(caf::execution_unit* unit, std::string token) {
  running_scope scope{this};
  detail::socket_start start{std::move(token)};
  caf::mailbox_element_view<detail::socket_start> element{
    nullptr, caf::make_message_id(), {}, start};
  activate(unit, element);
}

void websocket_client::disconnected(caf::execution_unit* unit,
                                    const close_reason& why) {
  running_scope scope{this};
  detail::socket_end end{why};
  caf::mailbox_element_view<detail::socket_end> element{
    nullptr, caf::make_message_id(), {}, end};
  if (activate(unit, element) == activation_result::skipped)
    enqueue(caf::make_mailbox_element(nullptr, caf::make_message_id(), {},
                                      std::move(end)),
            unit);
}

void websocket_client::enqueue(caf::mailbox_element_ptr what,
                               caf::execution_unit* from) {
  caf::event_based_actor::enqueue(std::move(what),
                                  home_ != nullptr ? home_ : from);
}

void websocket_client::enqueue(caf::strong_actor_ptr source, caf::message_id id,
                               caf::message content,
                               caf::execution_unit* from) {
  auto here = home_ != nullptr && from == home_;
  if (here && id.is_async() && content.match_elements<event_ptr>()) {
    if (queued_events_ == 0 && own_ && own_->only_forwards())
      return forward_event(*content.get_as<event_ptr>(0));
    // Marked by its sender, so that it is known when it has been handled.
    ++queued_events_;
    source = ctrl();
  }
  caf::event_based_actor::enqueue(std::move(source), id, std::move(content),
                                  from);
}

caf::resumable::resume_result
websocket_client::resume(caf::execution_unit* unit,
                         std::size_t max_throughput) {
  running_scope scope{this};
  return caf::event_based_actor::resume(unit, max_throughput);
}

bool websocket_client::is_running_here() const noexcept {
  return running == this;
}

void websocket_client::on_exit() {
  own_.reset();
  out_.close(from_exit_reason(fail_state()));
  out_.disconnect();
  // Both hold `this`.
  response_handler_ = {};
  if (deadline_id_.is_response() || gate_)
    clock().cancel_timeouts(this);
}

// -- requests -----------------------------------------------------------------

void websocket_client::handle_frame(std::string_view text) {
  if (out_.closed())
    return;
  if (gate_) {
    if (!gate_->admit(text.size()))
      return close({close_code::too_many_requests,
                    "too much was sent before authenticating"});
    if (gate_->holds())
      return gate_->hold(text);
  }
  handle_message(text);
}

void websocket_client::handle_message(std::string_view text) {
  thread_local envelope_decoder decoder;
  flamigo::request req;
  if (auto err = decoder.decode(text, req))
    return refuse_malformed(std::move(err), req.ack_id);
  malformed_in_row_ = 0;
  if (in_flight_.size() >= env_.options.max_in_flight)
    return refuse_excess(req.ack_id);
  refused_in_row_ = 0;
  handle_request(req);
}

void websocket_client::handle_request(const flamigo::request& req) {
  if (draining_)
    return send_error(
      make_error(errc::unavailable, "the server is shutting down"), req.ack_id);
  if (gate_ && req.topic == env_.auth->strategy)
    return authenticate(req);
  auto what = find_strategy(req.topic);
  if (gate_ && gate_->locked() && !(what && what->is_open()))
    return send_error(make_error(errc::unauthorized), req.ack_id);
  if (what)
    return run(what, req);
  send_error(make_error(errc::unknown_strategy, "there is no strategy \""
                                                  + std::string{req.topic}
                                                  + "\""),
             req.ack_id);
}

strategy_ptr websocket_client::find_strategy(std::string_view name) const {
  if (auto mine = own_ ? own_->find(name) : nullptr)
    return mine;
  // The registry owns it, and outlives this.
  return {strategy_ptr{}, env_.application.strategies.find(name)};
}

void websocket_client::run(const strategy_ptr& what,
                           const flamigo::request& req) {
  if (auto err = what->check(*claims_))
    return fail(std::move(err), *what, req.ack_id);
  if (what->handlers() != nullptr)
    run_inline(what, req);
  else
    send_to_host(what, req);
}

void websocket_client::run_inline(const strategy_ptr& what,
                                  const flamigo::request& req) {
  acting_actor who{caf::actor_cast<caf::actor>(this), claims_};
  flamigo::context ctx{{&who, what->name(), req.payload,
                        clock().now() + env_.options.request_timeout, this,
                        &env_.application, this}};
  auto& frame = out_.buffer();
  begin_response(frame, what->name());
  auto result = what->handlers()->invoke(ctx, frame);
  switch (result.what()) {
    case detail::outcome::kind::done:
      if (!req.ack_id.empty()) {
        end_response(frame, req.ack_id);
        out_.send(frame);
      }
      break;
    case detail::outcome::kind::deferred:
      await_response(deferred_id_, what, req.ack_id);
      break;
    default:
      fail(std::move(result.error()), *what, req.ack_id);
  }
}

void websocket_client::send_to_host(const strategy_ptr& what,
                                    const flamigo::request& req) {
  acting_actor who{caf::actor_cast<caf::actor>(this), claims_};
  flamigo::context ctx{{&who, what->name(), req.payload,
                        clock().now() + env_.options.request_timeout, this,
                        &env_.application, nullptr}};
  if (auto id = detail::send_invocation(*this, *what->host(), ctx))
    await_response(*id, what, req.ack_id);
  else
    fail(std::move(id.error()), *what, req.ack_id);
}

void websocket_client::refuse_malformed(caf::error why,
                                        std::string_view ack_id) {
  send_error(why, ack_id);
  if (++malformed_in_row_ >= env_.options.max_malformed)
    close({close_code::too_many_malformed, "too many malformed messages"});
}

void websocket_client::refuse_excess(std::string_view ack_id) {
  send_error(make_error(errc::too_many_requests,
                        "too many requests in flight, wait for replies"),
             ack_id);
  if (++refused_in_row_ >= env_.options.max_refused)
    close({close_code::too_many_requests, "too many requests"});
}

// -- answers that come later --------------------------------------------------

detail::reply_address websocket_client::defer() {
  deferred_id_ = new_request_id(caf::message_priority::normal).response_id();
  return {ctrl(), deferred_id_};
}

void websocket_client::await_response(caf::message_id id,
                                      const strategy_ptr& what,
                                      std::string_view ack_id) {
  add_multiplexed_response_handler(id, response_handler_);
  in_flight_.add({id, what, std::string{ack_id},
                  clock().now() + env_.options.request_timeout});
  if (!deadline_id_.is_response())
    arm_deadline();
}

void websocket_client::on_response(std::string* payload, caf::error why) {
  auto id = current_mailbox_element()->mid;
  if (id == deadline_id_)
    return expire_requests();
  if (gate_ && id == gate_->timer)
    return check_gate();
  pending_request req;
  if (!in_flight_.take(id, req))
    return;
  if (payload == nullptr)
    fail(std::move(why), *req.what, req.ack_id);
  else
    out_.reply(req.what->name(), *payload, req.ack_id);
  answered(*req.what);
}

void websocket_client::arm_deadline() {
  // One timer serves all requests in flight. It is a request timeout of CAF's
  // clock, since that can be cancelled and a delayed message cannot.
  deadline_id_ = new_request_id(caf::message_priority::normal).response_id();
  add_multiplexed_response_handler(deadline_id_, response_handler_);
  clock().set_request_timeout(in_flight_.next_deadline(), this, deadline_id_);
}

void websocket_client::expire_requests() {
  deadline_id_ = {};
  pending_request req;
  while (in_flight_.take_expired(clock().now(), req)) {
    // Whatever answers later finds no handler and is dropped.
    multiplexed_responses_.erase(req.id);
    fail(make_error(errc::timeout), *req.what, req.ack_id);
    answered(*req.what);
  }
  // An answer may have started the next request, and with it the timer.
  if (!in_flight_.empty() && !deadline_id_.is_response())
    arm_deadline();
}

void websocket_client::answered(const strategy& what) {
  if (gate_ && gate_->calling() && what.name() == env_.auth->strategy)
    end_authentication();
  close_if_drained();
}

// -- authentication -----------------------------------------------------------

void websocket_client::open(const std::string& token) {
  if (env_.auth) {
    gate_ = std::make_unique<detail::auth_gate>(env_.auth->options,
                                                clock().now());
    deaf_ = gate_->is_deaf();
    check_gate();
    if (!token.empty()) {
      auto payload
        = to_json(std::map<std::string, std::string>{{"token", token}});
      authenticate({env_.auth->strategy, payload, {}});
      // The application meets the client when it is known whose it is.
      if (gate_->calling())
        return;
    }
  }
  prepare();
}

void websocket_client::prepare() {
  if (std::exchange(prepared_, true) || !env_.on_open)
    return;
  client self{caf::actor_cast<caf::actor>(this)};
  env_.on_open(self);
}

void websocket_client::authenticate(const flamigo::request& req) {
  auto what = find_strategy(req.topic);
  if (!what)
    return send_error(make_error(errc::unknown_strategy), req.ack_id);
  if (gate_->calling())
    return send_error(
      make_error(errc::conflict, "you are authenticating already"), req.ack_id);
  gate_->calling(true);
  auto before = in_flight_.size();
  run(what, req);
  // It has answered already, unless its request is in flight now.
  if (in_flight_.size() == before)
    gate_->calling(false);
}

void websocket_client::end_authentication() {
  gate_->calling(false);
  prepare();
  while (!out_.closed())
    if (auto text = gate_->release())
      handle_message(*text);
    else
      break;
}

void websocket_client::check_gate() {
  if (gate_->timer.is_response()) {
    clock().cancel_request_timeout(this, gate_->timer);
    multiplexed_responses_.erase(gate_->timer);
    gate_->timer = {};
  }
  auto left = gate_->time_left(clock().now(), env_.auth->now());
  if (!left)
    return;
  if (left->count() == 0)
    return close(gate_->verdict());
  gate_->timer = new_request_id(caf::message_priority::normal).response_id();
  add_multiplexed_response_handler(gate_->timer, response_handler_);
  clock().set_request_timeout(clock().now() + *left, this, gate_->timer);
}

caf::error websocket_client::set_user(std::optional<user> who) {
  auto before = claims_;
  if (out_.closed())
    return make_error(errc::unavailable, "the connection is closing");
  if (who && who->id.empty())
    return internal_error("a user needs an id");
  if (who && before->user && who->id != before->user->id)
    return make_error(errc::conflict,
                      "this connection is another user's, open a new one");
  // A new value: calls that are under way keep the claims they began with.
  auto next = std::make_shared<claims>(*before);
  next->user = std::move(who);
  claims_ = std::move(next);
  if (!before->user && claims_->user)
    follow_user(claims_->user->id);
  else if (before->user && !claims_->user)
    client{caf::actor_cast<caf::actor>(this)}.unsubscribe(
      user_topic(before->user->id).text());
  send(caf::actor_cast<caf::actor>(env_.roster), client_changed{id(), claims_});
  if (gate_) {
    gate_->set(claims_->user, clock().now());
    deaf_ = gate_->is_deaf();
    check_gate();
  }
  return {};
}

void websocket_client::follow_user(std::string_view id) {
  auto& events = env_.application.bus;
  topic_pattern where{user_topic(id).text()};
  forward(where, events.stamp());
  events.subscribe(caf::actor_cast<caf::strong_actor_ptr>(this), where);
}

// -- subscriptions and events -------------------------------------------------

detail::client_subscriptions& websocket_client::own() {
  if (!own_)
    own_ = std::make_unique<detail::client_subscriptions>();
  return *own_;
}

void websocket_client::forward(const topic_pattern& pattern,
                               std::uint64_t since) {
  own().set(pattern, std::nullopt, since);
}

void websocket_client::listen(const topic_pattern& pattern, listener what,
                              std::uint64_t since) {
  own().set(pattern, std::move(what), since);
}

void websocket_client::add_strategy(const named_strategy& what) {
  auto added = own().set(std::make_shared<strategy>(what.name, what.guard,
                                                    what.handlers),
                         env_.options.max_subscriptions);
  if (!added)
    log::error("connection " + claims_->connection_id + ": " + what.name
               + " was not added, it has too many strategies of its own");
}

void websocket_client::drop_subscription(std::string_view what) {
  if (own_)
    own_->drop(what);
}

std::any& websocket_client::state() {
  return own().state;
}

void websocket_client::handle_event(const event& what) {
  if (!own_ || deaf_)
    return;
  auto wishes = own_->match(what);
  if (wishes.listeners.empty()) {
    if (wishes.forward)
      forward_event(what);
    return;
  }
  flamigo::context ctx{{&what.cause(), "event", "null",
                        clock().now() + env_.options.request_timeout, this,
                        &env_.application, nullptr}};
  for (auto& x : wishes.listeners)
    if (auto err = x.handle(ctx, what))
      log::error("connection " + claims_->connection_id + ": " + trace_of(err));
}

void websocket_client::forward_event(const event& what) {
  if (!deaf_ && what.is_for_clients())
    out_.send(what.client_frame());
}

// -- output -------------------------------------------------------------------

void websocket_client::send_event(const client_message& what) {
  out_.event(what);
}

void websocket_client::fail(caf::error why, const strategy& what,
                            std::string_view ack_id) {
  send_error(wrap(std::move(why), "call strategy(" + what.name() + ")"),
             ack_id);
}

void websocket_client::send_error(const caf::error& why,
                                  std::string_view ack_id) {
  auto level = status_of(why) >= 500 ? log::level::warning : log::level::debug;
  if (log::enabled(level))
    log::write(level,
               "connection " + claims_->connection_id + ": " + trace_of(why));
  out_.error(why, ack_id, env_.options.expose_traces);
}

void websocket_client::close(const close_reason& why) {
  out_.close(why);
}

void websocket_client::close_if_drained() {
  if (draining_ && in_flight_.empty())
    close({close_code::shutting_down, "the server is shutting down"});
}

} // namespace flamigo
