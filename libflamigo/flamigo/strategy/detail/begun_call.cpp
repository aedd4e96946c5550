#include "flamigo/strategy/detail/begun_call.hpp"

#include <cstdint>
#include <memory>

#include <caf/event_based_actor.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/log_origin.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/strategy/detail/invocation.hpp"
#include "flamigo/strategy/detail/nested_port.hpp"
#include "flamigo/strategy/detail/part_reader.hpp"
#include "flamigo/strategy/detail/surrounded_stream.hpp"
#include "flamigo/strategy/strategy_registry.hpp"

namespace flamigo::detail {

std::string trace_segment(std::string_view name) {
  return "call strategy(" + std::string{name} + ")";
}

namespace {

/// A strategy that waits for itself waits for ever, with a frame or a message
/// for each time.
constexpr std::uint32_t max_depth = 64;

/// Runs handlers in the actor that has called.
void run_inside(begun_call& call, context& ctx, const nested_port& port,
                const strategy_handlers& what) {
  auto result = what.invoke(ctx, call.reply);
  switch (result.what()) {
    case outcome::kind::done:
      break;
    case outcome::kind::deferred:
      call.id = port.id;
      if (ctx.known_state() != nullptr)
        call.state = ctx.state();
      break;
    default:
      call.error = std::move(result.error());
  }
}

/// The step of a trace that a call is which begins.
span_ptr step_of(const context& from, std::string_view name) {
  auto* by = from.services().tracing;
  if (by == nullptr && !from.span()) [[likely]]
    return nullptr;
  return begin_strategy(by, from.span(), name);
}

begun_call begin_inline(const context& from, const strategy& what,
                        std::string_view payload, std::string_view action) {
  nested_port port{*from.self()};
  context ctx{{&from.actor(), action, payload, from.deadline(), from.self(),
               &from.services(), &port, nullptr, from.depth() + 1}};
  if (what.is_detached())
    ctx.detach();
  begun_call call{what.name(), {}, from.deadline(), {}, {}};
  call.span = step_of(from, what.name());
  ctx.span(call.span);
  log_scope scope{call.span.get()};
  run_inside(call, ctx, port, *what.handlers());
  if (call.span && !call.pending()) [[unlikely]]
    call.span->end(call.error);
  if (call.error)
    call.error = wrap(std::move(call.error), trace_segment(what.name()));
  return call;
}

begun_call begin_hosted(const context& from, const strategy& what,
                        std::string_view payload, std::string_view action) {
  context ctx{{&from.actor(), action, payload, from.deadline(), from.self(),
               &from.services(), nullptr, nullptr, from.depth() + 1}};
  begun_call call{what.name(), {}, from.deadline(), {}, {}};
  call.span = step_of(from, what.name());
  ctx.span(call.span);
  if (auto sent = send_invocation(*from.self(), *what.host(), ctx)) {
    call.id = sent->id;
    call.state = std::move(sent->state);
  } else {
    if (call.span)
      call.span->end(sent.error());
    call.error = wrap(std::move(sent.error()), trace_segment(what.name()));
  }
  return call;
}

/// The strategy that is called, if it may be.
caf::expected<const strategy*> find_callee(const context& from,
                                           std::string_view name) {
  if (auto why = from.ends_by(); why != errc::none)
    return make_error(why);
  if (from.depth() >= max_depth)
    return internal_error("strategies have called one another "
                          + std::to_string(max_depth) + " deep, up to "
                          + std::string{name}
                          + ": does one of them wait for itself?");
  auto what = from.strategies().find(name);
  if (what == nullptr)
    return make_error(errc::unknown_strategy);
  if (auto err = what->check(from.claims()))
    return err;
  return what;
}

// -- streams ------------------------------------------------------------------

json_stream failed_stream(caf::error why) {
  co_yield why;
}

json_stream inline_stream(const context& from, const strategy& what,
                          std::string_view payload) {
  json_stream rows;
  context ctx{{&from.actor(), what.name(), payload, from.deadline(),
               from.self(), &from.services(), nullptr, nullptr,
               from.depth() + 1, 0, &rows}};
  ctx.span(step_of(from, what.name()));
  log_scope scope{ctx.span().get()};
  std::string none;
  auto result = what.handlers()->invoke(ctx, none);
  if (result.what() == outcome::kind::streaming)
    return rows;
  if (ctx.span())
    ctx.span()->end(result.error());
  return failed_stream(std::move(result.error()));
}

/// The parts that a domain actor sends.
json_stream parts_of(std::unique_ptr<part_reader> from) {
  auto mine = std::move(from);
  for (;;) {
    auto item = co_await *mine;
    if (!item)
      co_yield item.error();
    else if (!*item)
      co_return;
    co_yield **item;
  }
}

json_stream one_item(pending_call<raw_json> call) {
  auto mine = std::move(call);
  auto result = co_await mine;
  if (!result)
    co_yield result.error();
  co_yield std::string_view{result->text};
}

} // namespace

caf::error not_in_parts(std::string_view name) {
  return internal_error(
    std::string{name}
    + " answers in parts: call it with call_strategy<flamigo::stream<T>> and "
      "read it with co_await rows.next(); app.backend() gives all items at "
      "once, "
      "as call<flamigo::stream<T>>");
}

begun_call begin_call(const context& from, std::string_view name,
                      std::string_view payload, std::string_view action) {
  auto what = find_callee(from, name);
  if (what && (*what)->streams())
    what = not_in_parts(name);
  if (what && action.empty())
    action = (*what)->name();
  begun_call call;
  if (!what)
    call.error = wrap(std::move(what.error()), trace_segment(name));
  else if ((*what)->host() != nullptr)
    call = begin_hosted(from, **what, payload, action);
  else
    call = begin_inline(from, **what, payload, action);
  return call;
}

begun_call begin_rest(const context& from, const strategy_handlers& rest,
                      surrounded_stream* to) {
  begun_call call{{}, {}, from.deadline(), {}, {}};
  if (auto why = from.ends_by(); why != errc::none) {
    call.error = make_error(why);
    return call;
  }
  nested_port port{*from.self()};
  if (to == nullptr) {
    auto ctx = from.inside(port);
    if (from.span()) [[unlikely]]
      // What wraps it may go on when this has ended.
      ctx.span(call.span = step_of(from, from.action()));
    run_inside(call, ctx, port, rest);
    if (call.span && !call.pending()) [[unlikely]]
      call.span->end(call.error);
    return call;
  }
  json_stream rows;
  auto ctx = from.inside(port, &rows);
  auto result = rest.invoke(ctx, call.reply);
  if (result.what() == outcome::kind::streaming)
    to->take(call, std::move(rows), ctx, port);
  else
    call.error = std::move(result.error());
  return call;
}

json_stream begin_stream(const context& from, std::string_view name,
                         std::string_view payload) {
  auto what = find_callee(from, name);
  if (!what)
    return failed_stream(std::move(what.error()));
  auto& callee = **what;
  if (!callee.streams())
    return one_item({from, begin_call(from, name, payload)});
  if (callee.host() == nullptr)
    return inline_stream(from, callee, payload);
  return hosted_stream(callee,
                       {&from.actor(), callee.name(), payload, from.deadline(),
                        from.self(), &from.services(), nullptr, nullptr,
                        from.depth() + 1},
                       step_of(from, callee.name()));
}

json_stream hosted_stream(const strategy& what, const context::call& like,
                          span_ptr step) {
  context ctx{like};
  ctx.span(std::move(step));
  auto reader = std::make_unique<part_reader>(*ctx.self());
  if (auto err = reader->begin(*what.host(), ctx))
    return failed_stream(std::move(err));
  return parts_of(std::move(reader));
}

caf::expected<sent_call>
send_invocation(caf::event_based_actor& self, const strategy::hosted_home& to,
                const context& ctx, stream_source_ptr parts) {
  auto& slot = to.shards ? to.shards->slot_of(ctx) : *to.slot;
  auto domain = slot.get();
  if (!domain)
    return make_error(errc::unavailable, "this service is not available now",
                      "the domain actor is down");
  queue_ticket place;
  if (!slot.enter(place))
    return make_error(errc::unavailable, "this service is busy, try again",
                      "the queue of the domain actor is full");
  auto id = self.new_request_id(caf::message_priority::normal);
  auto what = caf::make_mailbox_element(
    self.ctrl(), id, {},
    invocation{to.index, ctx, std::move(place), std::move(parts)});
  auto state = ctx.state();
  state->callee = caf::actor_cast<caf::strong_actor_ptr>(std::move(domain));
  state->callee->enqueue(std::move(what), self.context());
  return sent_call{id.response_id(), std::move(state)};
}

} // namespace flamigo::detail
