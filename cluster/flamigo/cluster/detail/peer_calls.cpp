#include "flamigo/cluster/detail/peer_calls.hpp"

#include <cstddef>
#include <optional>
#include <utility>

#include <caf/actor_cast.hpp>
#include <caf/behavior.hpp>
#include <caf/mailbox_element.hpp>

#include "flamigo/cluster/detail/remote_invocation.hpp"
#include "flamigo/context/strategy_reply.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/strategy_registry.hpp"

namespace flamigo::detail {

namespace {

/// One bit for each handler that is not tried, as of `context::call`.
std::optional<std::uint32_t> passed_over(const context& ctx) {
  if (!ctx.passes_over_some())
    return std::nullopt;
  std::uint32_t result = 0;
  for (std::size_t i = 0; i < 32; ++i)
    if (ctx.passes_over(i))
      result |= std::uint32_t{1} << i;
  return result;
}

} // namespace

// -- to that node -------------------------------------------------------------

void peer_calls::call(const node_call& what, reply_address asker) {
  auto& ctx = what.ctx;
  auto number = answers_.open(std::move(asker), ctx.deadline(), ctx.state());
  if (!number)
    return;
  node_frame frame;
  auto& note = frame.call.emplace();
  note.number = *number;
  note.strategy = what.strategy;
  note.action = ctx.action();
  note.payload.text = ctx.payload();
  note.timeout = answers_.time_until(ctx.deadline());
  note.cause = note_of(ctx.claims());
  note.depth = ctx.depth();
  note.passed_over = passed_over(ctx);
  if (auto trace = ctx.trace())
    note.traceparent = to_string(trace);
  answers_.ask(*number, std::move(frame));
}

// -- from that node -----------------------------------------------------------

caf::expected<const strategy*> peer_calls::find(const std::string& name) const {
  if (program_ == nullptr)
    return make_error(errc::unavailable, "",
                      "the other node's program has no strategies for others");
  auto* result = program_->strategies.find(name);
  if (result == nullptr)
    return make_error(errc::unknown_strategy, "",
                      "the other node has no strategy " + name
                        + "; is its program of the same version?");
  if (result->host() == nullptr)
    return internal_error(name
                          + " is hosted in no domain actor of the other "
                            "node; is its program of the same version?");
  if (result->streams())
    return internal_error(name
                          + " answers in parts, which do not cross to "
                            "another node");
  return result;
}

void peer_calls::called(call_note&& what) {
  auto number = what.number;
  auto callee = find(what.strategy);
  if (!callee)
    return answers_.refuse(number, callee.error());
  // Nobody can be sent to: the client is connected elsewhere.
  acting_actor who{nullptr, claims_of(std::move(what.cause))};
  auto deadline = answers_.time_in(what.timeout);
  context ctx{{&who, what.action, what.payload.text, deadline, &self_, program_,
               nullptr, nullptr, what.depth, what.passed_over.value_or(0)}};
  if (!answers_.begin(number, ctx.state(), deadline))
    return;
  if (what.traceparent)
    ctx.span(
      begin_request(program_->tracing, *what.traceparent, what.strategy));
  if (auto err = run(number, *(*callee)->host(), ctx))
    answers_.fail(number, err);
}

caf::error peer_calls::run(std::uint64_t number,
                           const strategy::hosted_home& at,
                           const context& ctx) {
  auto& slot = at.shards ? at.shards->slot_of(ctx) : *at.slot;
  auto domain = slot.get();
  if (!domain)
    return make_error(errc::unavailable, "this service is not available now",
                      "the domain actor is down");
  queue_ticket place;
  if (!slot.enter(place))
    return make_error(errc::unavailable, "this service is busy, try again",
                      "the queue of the domain actor is full");
  auto id = self_.new_request_id(caf::message_priority::normal);
  self_.add_multiplexed_response_handler(
    id.response_id(), caf::behavior{
                        [this, number, step = ctx.span()](strategy_reply& x) {
                          if (step)
                            step->end({});
                          answers_.succeed(number,
                                           raw_json{std::move(x.payload)});
                        },
                        [this, number, step = ctx.span()](caf::error& why) {
                          if (step)
                            step->end(why);
                          answers_.fail(number, why);
                        },
                      });
  auto to = caf::actor_cast<caf::strong_actor_ptr>(std::move(domain));
  ctx.state()->callee = to;
  to->enqueue(caf::make_mailbox_element(
                self_.ctrl(), id, {},
                remote_invocation{{at.index, ctx, std::move(place)}}),
              self_.context());
  return {};
}

} // namespace flamigo::detail
