#include "flamigo/client/websocket_client.hpp"

#include <map>
#include <utility>
#include <vector>

#include <caf/actor_cast.hpp>
#include <caf/actor_clock.hpp>
#include <caf/send.hpp>

#include "flamigo/client/cancel_strategy.hpp"
#include "flamigo/client/client.hpp"
#include "flamigo/client/client_atoms.hpp"
#include "flamigo/client/detail/client_input.hpp"
#include "flamigo/client/detail/recover_channels.hpp"
#include "flamigo/context/context.hpp"
#include "flamigo/context/detail/call_notice.hpp"
#include "flamigo/context/detail/context_loan.hpp"
#include "flamigo/context/strategy_reply.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/log/detail/log_origin.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/roster/detail/client_changed.hpp"
#include "flamigo/roster/detail/framework_event.hpp"
#include "flamigo/strategy/detail/begun_call.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/task/detail/begin_task.hpp"
#include "flamigo/wire/client_message.hpp"
#include "flamigo/wire/decoding_space.hpp"
#include "flamigo/wire/envelope.hpp"

namespace flamigo {

namespace {

/// To settle what one frame has caused; listeners that keep each other busy
/// must not keep the other connections waiting.
constexpr int max_rounds = 16;

constexpr std::size_t max_messages = 100;

/// A client begins anew.
void not_recovered(caf::event_based_actor* self,
                   const caf::error& why) noexcept {
  if (why && log::enabled(log::level::debug))
    detail::guarded_or_logged(
      [&] {
        log::write(log::level::debug,
                   static_cast<websocket_client*>(self)->title()
                     + " does not recover: " + trace_of(why));
      },
      [] { return std::string{"recover"}; });
}

} // namespace

// -- construction -------------------------------------------------------------

websocket_client::websocket_client(caf::actor_config& cfg,
                                   const client_environment& env,
                                   detail::home_unit* home,
                                   std::shared_ptr<transport> out,
                                   claims_ptr who)
  : detail::refusing_client(cfg, env, home, std::move(out), std::move(who)) {
}

websocket_client::~websocket_client() = default;

const char* websocket_client::name() const {
  return "websocket_client";
}

caf::behavior websocket_client::make_behavior() {
  return {
    [this](const detail::text_frame& frame) { handle_frame(frame.text); },
    [this](detail::stashed_frame& frame) {
      // It stands before what the one before it has left behind.
      if (out_.has_waiting())
        return handle_later(context(), std::move(frame));
      if (stash_.take(frame.number))
        handle_frame(frame.text);
    },
    [](const detail::call_notice& what) { what.apply(); },
    [this](const detail::requests_cancelled&) { settle_cancelled(); },
    [this](const event_ptr& what) { handle_event(*what); },
    [this](const detail::own_event& what) {
      out_.begin_turn();
      handle_event(*what.what);
    },
    [this](const detail::own_frame& frame) {
      out_.begin_turn();
      if (frame.base > 0)
        out_.send_kept(frame.text, frame.base, frame.bytes);
      else
        out_.send(frame.text);
    },
    [this](const detail::own_close& what) {
      out_.begin_turn();
      out_.close(what.why);
    },
    [this](detail::socket_room) { make_room(); },
    [this](detail::own_room) {
      out_.begin_turn();
      make_room();
    },
    [this](const detail::client_task& what) {
      learn();
      what.run(*this);
    },
    [this](const detail::socket_start& start) { open(start.token); },
    [this](const detail::channel_turn& what) { go_on(what.serial); },
    [this](detail::channel_answer<detail::followed_history>& answer) {
      go_on(answer.serial, std::move(answer.what));
    },
    [this](detail::channel_answer<history_slice>& answer) {
      go_on(answer.serial, std::move(answer.what));
    },
    [this](const detail::client_question& what) {
      auto& from = *current_mailbox_element();
      ask(what, {from.sender, from.mid.response_id()});
      return caf::delegated<strategy_reply>{};
    },
    [this](const detail::question_over&) {
      if (auto& from = current_mailbox_element()->sender)
        withdraw_questions(from->id());
    },
    [this](const client_message& what) {
      if (is_own_topic(what.topic))
        log_line(log::level::error, own_topic_refused(what.topic));
      else
        send_event(what);
    },
    [this](const detail::framework_event& what) { send_event(what.what); },
    [this](const close_reason& why) { close(why); },
    [this](claims_atom) { return claims_; },
    [this](drain_atom) {
      draining_ = true;
      ask_nothing_more();
      close_if_drained();
    },
  };
}

// -- what the socket brings ---------------------------------------------------

void websocket_client::opened(caf::execution_unit* unit, std::string token) {
  detail::socket_start start{std::move(token)};
  handle_now(unit, start);
}

void websocket_client::receive(caf::execution_unit* unit,
                               std::string_view text) {
  if (stash_.empty() && !out_.has_waiting()) {
    detail::text_frame frame{text};
    if (handle_now(unit, frame))
      return settle(unit);
  }
  // A strategy awaits a response, which holds every other message back, or has
  // left behind more than could be settled at once.
  decoding_space space;
  flamigo::client_request req;
  auto why = out_.format().decode(text, space, req);
  auto cancels = !why && is_cancelling(req);
  if (!why && (req.is_answer || (cancels && awaiting()))) {
    running_scope scope{this};
    context(unit);
    return handle_frame(text);
  }
  if (stash_.size() >= env_.options.max_in_flight && !cancels)
    return refuse_unheard(std::move(why), req.ack_id);
  auto number = stash_.add(req);
  handle_later(unit, detail::stashed_frame{std::string{text}, number});
}

void websocket_client::relieved(caf::execution_unit* unit) {
  handle_later(unit, detail::socket_room{});
}

void websocket_client::moved(client_transport to) {
  // A new value: calls that are under way keep the claims they began with.
  auto next = std::make_shared<claims>(*claims_);
  next->transport = to;
  claims_ = std::move(next);
  caf::anon_send(caf::actor_cast<caf::actor>(env_.roster),
                 client_changed{id(), claims_});
}

// -- another connection -------------------------------------------------------

client_figures websocket_client::figures() const {
  return {waiting(), env_.application.bus.subscriptions(ctrl()), logged_from()};
}

std::optional<detail::kept_client> websocket_client::keep() const {
  // What waits was counted as said.
  if (!out_.has_client() || out_.has_waiting())
    return std::nullopt;
  auto result = kept_channels();
  if (result && claims_->user)
    result->user = claims_->user->id;
  return result;
}

void websocket_client::recover(detail::kept_client what,
                               std::function<void(bool)> then) {
  auto& now = claims_->user;
  if (what.user != (now ? std::optional{now->id} : std::nullopt)) {
    then(false);
    return hold_channels(false);
  }
  acting_actor who{caf::actor_cast<caf::actor>(this), claims_};
  flamigo::context ctx{{&who, "recover", "null",
                        clock().now() + env_.options.request_timeout, this,
                        &env_.application, nullptr}};
  detail::context_loan loan{ctx};
  auto ended = detail::begin_task(
    detail::recover_channels(loan.give(), *this, std::move(what),
                             std::move(then)),
    *this, ctx.deadline(), nullptr,
    [](detail::root_task& of) noexcept {
      not_recovered(of.self, detail::failure_of(of));
    },
    &loan);
  if (ended)
    not_recovered(this, *ended);
}

// -- what the client says -----------------------------------------------------

void websocket_client::settle(caf::execution_unit* unit) {
  // The next frame must not overtake what this one has left behind.
  for (int i = 0; i < max_rounds && out_.has_waiting() && !awaiting(); ++i)
    resume(unit, max_messages);
}

// -- the beginning ------------------------------------------------------------

void websocket_client::open(const std::string& token) {
  if (env_.auth) {
    lock();
    if (!token.empty()) {
      entering(true);
      auto payload
        = to_json(std::map<std::string, std::string>{{"token", token}});
      authenticate({env_.auth->strategy, payload, {}, nullptr});
      // The application meets the client when it is known whose it is.
      if (gate()->calling())
        return;
    }
  }
  prepare();
}

void websocket_client::prepare() {
  entering(false);
  if (std::exchange(prepared_, true) || out_.closed())
    return;
  if (env_.on_open)
    call_on_open();
  if (!out_.closed())
    out_.open();
}

void websocket_client::call_on_open() {
  acting_actor who{caf::actor_cast<caf::actor>(this), claims_};
  flamigo::context ctx{{&who, "open", "null",
                        clock().now() + env_.options.request_timeout, this,
                        &env_.application, nullptr}};
  env_.on_open(ctx);
}

// -- requests -----------------------------------------------------------------

void websocket_client::handle_frame(std::string_view text) {
  if (out_.closed())
    return;
  if (auto* g = gate()) {
    if (!g->admit(text.size()))
      return close({close_code::too_many_requests,
                    "too much was sent before authenticating"});
    if (g->holds() && !passes(text))
      return g->hold(text);
  }
  handle_message(text);
}

void websocket_client::handle_message(std::string_view text) {
  decoding_space space;
  flamigo::client_request req;
  if (auto err = out_.format().decode(text, space, req))
    return refuse_malformed(std::move(err), req.ack_id);
  if (req.is_answer)
    return handle_answer(text);
  forgive_malformed();
  if (auto wait = pace(); wait.count() > 0 && !is_cancelling(req)) [[unlikely]]
    return refuse_haste(wait, req.ack_id);
  if (waiting() >= env_.options.max_in_flight && !is_cancelling(req))
    return refuse_excess(req.ack_id);
  forgive_excess();
  handle_request(req);
}

void websocket_client::handle_answer(std::string_view text) {
  client_answer what;
  if (auto err = out_.format().read_answer(text, what))
    return refuse_malformed(std::move(err), {});
  forgive_malformed();
  answered(std::move(what));
}

void websocket_client::log_request(const flamigo::client_request& req) const {
  log_line(log::level::debug,
           "requests " + std::string{req.topic} + ", "
             + std::to_string(req.payload.size()) + " bytes"
             + (req.ack_id.empty() ? std::string{}
                                   : ", ackId " + std::string{req.ack_id}));
}

void websocket_client::log_answer(std::string_view topic,
                                  std::size_t bytes) const {
  log_line(log::level::trace, "is answered by " + std::string{topic} + ", "
                                + std::to_string(bytes) + " bytes");
}

void websocket_client::handle_request(const flamigo::client_request& req) {
  if (is_followed(log::level::debug)) [[unlikely]]
    log_request(req);
  if (draining_ && !is_cancelling(req))
    return send_error(
      make_error(errc::unavailable, "the server is shutting down"), req.ack_id);
  if (gate() && req.topic == env_.auth->strategy)
    return authenticate(req);
  if (is_outdated()) {
    send_error(make_error(errc::unauthorized, "the token has expired"),
               req.ack_id);
    return end_outdated();
  }
  auto what = find_strategy(req.topic);
  if (gate() && gate()->locked() && !(what && what->is_open()))
    return send_error(make_error(errc::unauthorized), req.ack_id, what.get());
  if (what)
    return run(what, req);
  send_error(make_error(errc::unknown_strategy, "there is no strategy \""
                                                  + std::string{req.topic}
                                                  + "\""),
             req.ack_id);
}

void websocket_client::authenticate(const flamigo::client_request& req) {
  auto what = find_strategy(req.topic);
  if (!what)
    return send_error(make_error(errc::unknown_strategy), req.ack_id);
  if (gate()->calling())
    return send_error(make_error(errc::too_many_requests,
                                 "you are authenticating already"),
                      req.ack_id, what.get());
  gate()->calling(true);
  auto before = waiting();
  run(what, req);
  // It has answered already, unless its request is in flight now.
  if (waiting() == before)
    gate()->calling(false);
}

void websocket_client::end_authentication() {
  gate()->calling(false);
  take_refusal();
  prepare();
  while (!out_.closed())
    if (auto text = gate()->release())
      handle_message(*text);
    else
      break;
}

void websocket_client::run(const strategy_ptr& what,
                           const flamigo::client_request& req) {
  if (auto err = what->check(*claims_))
    return fail(std::move(err), *what, req.ack_id);
  if (!req.bytes_at.empty()) [[unlikely]] {
    auto passed_over = what->check_bytes(req.payload, req.bytes_at);
    if (!passed_over)
      return fail(std::move(passed_over.error()), *what, req.ack_id);
    auto checked = req;
    checked.bytes_at = {};
    checked.passed_over = *passed_over;
    return run(what, checked);
  }
  if (auto* limited = what->limits()) [[unlikely]]
    if (auto wait = limits().take_call(*limited, now()); wait.count() > 0)
      return refuse_haste(wait, req.ack_id, what.get());
  if (what->handlers() != nullptr)
    run_inline(what, req);
  else
    send_to_host(what, req);
}

detail::span_ptr
websocket_client::begin_step(const strategy& what,
                             const flamigo::client_request& req) const {
  auto result = detail::begin_request(env_.application.tracing, req.traceparent,
                                      what.name());
  if (!result)
    return result;
  result->connection(claims_->connection_id);
  if (!result->is_recorded())
    return result;
  result->strategy(what.name());
  if (handshake_)
    result->link(*handshake_);
  return result;
}

void websocket_client::run_inline(const strategy_ptr& what,
                                  const flamigo::client_request& req) {
  acting_actor who{caf::actor_cast<caf::actor>(this), claims_};
  detail::json_stream parts;
  auto since = clock().now();
  meter().began(*what, since);
  flamigo::context ctx{{&who, what->name(), req.payload,
                        since + env_.options.request_timeout, this,
                        &env_.application, this, req.payload_tokens, 0,
                        req.passed_over, &parts}};
  if (what->is_detached())
    ctx.detach();
  if (is_traced(req)) [[unlikely]]
    ctx.span(begin_step(*what, req));
  detail::log_scope scope{ctx.span().get()};
  // Not that of the output: the handler may send other things meanwhile.
  thread_local std::string frame;
  frame.clear();
  auto& format = out_.format();
  format.begin_response(frame, what->name(), req.ack_id);
  auto result = what->handlers()->invoke(ctx, frame);
  switch (result.what()) {
    case detail::outcome::kind::done:
      meter().succeeded(*what);
      if (ctx.span()) [[unlikely]]
        ctx.span()->end({});
      if (is_followed(log::level::trace)) [[unlikely]]
        log_answer(what->name(), frame.size());
      if (!req.ack_id.empty())
        out_.end_reply(frame, req.ack_id, what->bytes_out());
      break;
    case detail::outcome::kind::deferred:
      await_deferred(what, req.ack_id,
                     ctx.known_state() != nullptr ? ctx.state() : nullptr,
                     since, ctx.span());
      break;
    case detail::outcome::kind::streaming:
      meter().left();
      answer_in_parts(std::move(parts), what, req.ack_id, ctx.state(), since,
                      ctx.span());
      break;
    default:
      if (ctx.span()) [[unlikely]]
        ctx.span()->end(result.error());
      fail(std::move(result.error()), *what, req.ack_id);
  }
}

void websocket_client::send_to_host(const strategy_ptr& what,
                                    const flamigo::client_request& req) {
  acting_actor who{caf::actor_cast<caf::actor>(this), claims_};
  auto since = clock().now();
  flamigo::context ctx{
    {&who, what->name(), req.payload, since + env_.options.request_timeout,
     this, &env_.application, nullptr, req.payload_tokens, 0, req.passed_over}};
  if (is_traced(req)) [[unlikely]]
    ctx.span(begin_step(*what, req));
  detail::log_scope scope{ctx.span().get()};
  // Without an ackId it is run, but not for its items, where that may be.
  if (what->streams()
      && !(req.ack_id.empty() && out_.format().takes_parts({}))) {
    auto rows = detail::hosted_stream(
      *what,
      {&who, what->name(), req.payload, ctx.deadline(), this, &env_.application,
       nullptr, req.payload_tokens, 0, req.passed_over},
      ctx.span());
    return answer_in_parts(std::move(rows), what, req.ack_id, ctx.state(),
                           since, ctx.span());
  }
  if (auto sent = detail::send_invocation(*this, *what->host(), ctx)) {
    await_response(sent->id, what, req.ack_id, std::move(sent->state), since,
                   ctx.span());
  } else {
    if (ctx.span()) [[unlikely]]
      ctx.span()->end(sent.error());
    fail(std::move(sent.error()), *what, req.ack_id);
  }
}

// -- cancelling ---------------------------------------------------------------

bool websocket_client::is_cancelling(const flamigo::client_request& req) const {
  auto& strategies = env_.application.strategies;
  return req.topic == cancel_strategy_name(strategies)
         && strategies.find(req.topic) != nullptr;
}

bool websocket_client::passes(std::string_view text) const {
  decoding_space space;
  flamigo::client_request req;
  return !out_.format().decode(text, space, req)
         && (req.is_answer || is_cancelling(req));
}

bool websocket_client::cancel(std::string_view name) {
  // What waits in line has come later than what has begun.
  auto result = cancel_in_flight(name);
  result |= cancel_held(name);
  result |= cancel_stashed(name);
  return result;
}

bool websocket_client::cancel_in_flight(std::string_view name) {
  std::vector<pending_request> found;
  for (pending_request req; take_request(name, req);)
    found.push_back(std::move(req));
  for (auto& req : found) {
    authentication_cancelled_ |= is_authenticating(*req.what);
    if (req.span) [[unlikely]]
      req.span->end(make_error(errc::cancelled));
    fail(make_error(errc::cancelled), *req.what, req.ack_id);
    if (meter())
      meter().took(*req.what, req.since, clock().now());
  }
  for (auto& req : found)
    end(std::move(req), errc::cancelled);
  if (authentication_cancelled_ || (draining_ && !found.empty()))
    handle_later(context(), detail::requests_cancelled{});
  return !found.empty();
}

void websocket_client::settle_cancelled() {
  if (std::exchange(authentication_cancelled_, false))
    end_authentication();
  close_if_drained();
}

bool websocket_client::cancel_held(std::string_view name) {
  auto result = false;
  decoding_space space;
  flamigo::client_request req;
  auto is_it = [&](const std::string& text) {
    return !out_.format().decode(text, space, req)
           && out_.format().is_named(req.ack_id, name);
  };
  while (auto text = gate() ? gate()->take_held(is_it) : std::nullopt) {
    // It is elsewhere now.
    (void) is_it(*text);
    refuse_cancelled(req.topic, req.ack_id);
    result = true;
  }
  return result;
}

bool websocket_client::cancel_stashed(std::string_view name) {
  auto gone = stash_.take_all(out_.format(), name);
  for (auto& x : gone)
    refuse_cancelled(x.topic, x.ack_id);
  return !gone.empty();
}

void websocket_client::refuse_cancelled(std::string_view topic,
                                        std::string_view ack_id) {
  send_error(wrap(make_error(errc::cancelled), detail::trace_segment(topic)),
             ack_id);
}

// -- answers that come later --------------------------------------------------

void websocket_client::answer(const pending_request& req, std::string* payload,
                              caf::error why) {
  if (meter())
    meter().took(*req.what, req.since, clock().now());
  detail::log_scope scope{req.span.get()};
  auto authenticating = is_authenticating(*req.what);
  if (authenticating && payload != nullptr)
    if ((why = take_refusal()))
      payload = nullptr;
  if (req.span) [[unlikely]]
    req.span->end(payload == nullptr ? why : caf::error{});
  if (payload == nullptr)
    fail(std::move(why), *req.what, req.ack_id);
  else
    succeed(req, *payload);
  out_.hurry();
  if (authenticating)
    end_authentication();
  close_if_drained();
}

void websocket_client::succeed(const pending_request& req,
                               std::string_view payload) {
  meter().succeeded(*req.what);
  if (is_followed(log::level::trace)) [[unlikely]]
    log_answer(req.what->name(), payload.size());
  out_.reply(req.what->name(), payload, req.ack_id, req.what->bytes_out());
}

void websocket_client::place_is_free() {
  close_if_drained();
}

bool websocket_client::is_authenticating(const strategy& what) {
  return gate() && gate()->calling() && what.name() == env_.auth->strategy;
}

void websocket_client::close_if_drained() {
  if (draining_ && waiting() == 0)
    close({close_code::shutting_down, "the server is shutting down"});
}

} // namespace flamigo
