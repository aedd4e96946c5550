#include "flamigo/strategy/detail/begun_call.hpp"

#include <cstdint>

#include <caf/event_based_actor.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/strategy/detail/invocation.hpp"
#include "flamigo/strategy/detail/nested_port.hpp"
#include "flamigo/strategy/strategy_registry.hpp"

namespace flamigo::detail {

std::string trace_segment(std::string_view name) {
  return "call strategy(" + std::string{name} + ")";
}

namespace {

/// A strategy that waits for itself waits for ever, with a frame or a message
/// for each time.
constexpr std::uint32_t max_depth = 64;

begun_call begin_inline(const context& from, const strategy& what,
                        std::string_view payload) {
  nested_port port{*from.self()};
  context ctx{{&from.actor(), what.name(), payload, from.deadline(),
               from.self(), &from.services(), &port, nullptr,
               from.depth() + 1}};
  if (what.is_detached())
    ctx.detach();
  begun_call call{what.name(), {}, from.deadline(), {}, {}};
  auto result = what.handlers()->invoke(ctx, call.reply);
  switch (result.what()) {
    case outcome::kind::done:
      break;
    case outcome::kind::deferred:
      call.id = port.id;
      if (ctx.known_state() != nullptr)
        call.state = ctx.state();
      break;
    default:
      call.error = wrap(std::move(result.error()), trace_segment(what.name()));
  }
  return call;
}

begun_call begin_hosted(const context& from, const strategy& what,
                        std::string_view payload) {
  context ctx{{&from.actor(), what.name(), payload, from.deadline(),
               from.self(), &from.services(), nullptr, nullptr,
               from.depth() + 1}};
  begun_call call{what.name(), {}, from.deadline(), {}, {}};
  if (auto sent = send_invocation(*from.self(), *what.host(), ctx)) {
    call.id = sent->id;
    call.state = std::move(sent->state);
  } else {
    call.error = wrap(std::move(sent.error()), trace_segment(what.name()));
  }
  return call;
}

} // namespace

begun_call begin_call(const context& from, std::string_view name,
                      std::string_view payload) {
  begun_call call;
  auto what = from.strategies().find(name);
  if (auto why = from.ends_by(); why != errc::none)
    call.error = wrap(make_error(why), trace_segment(name));
  else if (from.depth() >= max_depth)
    call.error = internal_error("strategies have called one another "
                                + std::to_string(max_depth) + " deep, up to "
                                + std::string{name}
                                + ": does one of them wait for itself?");
  else if (what == nullptr)
    call.error = wrap(make_error(errc::unknown_strategy), trace_segment(name));
  else if (auto err = what->check(from.claims()))
    call.error = wrap(std::move(err), trace_segment(name));
  else if (what->host() != nullptr)
    call = begin_hosted(from, *what, payload);
  else
    call = begin_inline(from, *what, payload);
  return call;
}

caf::expected<sent_call> send_invocation(caf::event_based_actor& self,
                                         const strategy::hosted_home& to,
                                         const context& ctx) {
  auto domain = to.slot->get();
  if (!domain)
    return make_error(errc::unavailable, "this service is not available now",
                      "the domain actor is down");
  queue_ticket place;
  if (!to.slot->enter(place))
    return make_error(errc::unavailable, "this service is busy, try again",
                      "the queue of the domain actor is full");
  auto id = self.new_request_id(caf::message_priority::normal);
  auto what = caf::make_mailbox_element(
    self.ctrl(), id, {}, invocation{to.index, ctx, std::move(place)});
  auto state = ctx.state();
  state->callee = caf::actor_cast<caf::strong_actor_ptr>(std::move(domain));
  state->callee->enqueue(std::move(what), self.context());
  return sent_call{id.response_id(), std::move(state)};
}

} // namespace flamigo::detail
