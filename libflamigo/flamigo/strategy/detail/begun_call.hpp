#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <caf/fwd.hpp>
#include <caf/message_id.hpp>

#include "flamigo/context/context.hpp"
#include "flamigo/context/strategy_reply.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/detail/stream_source.hpp"
#include "flamigo/strategy/strategy.hpp"
#include "flamigo/task/detail/await_response.hpp"

namespace flamigo::detail {

class surrounded_stream;

/// A strategy call that an actor has begun: answered already, or to be answered
/// by a response with this id.
struct begun_call {
  /// Empty if it is a part of another one.
  std::string name;
  /// Of the response; not a response's id when `error` or `reply` is set.
  caf::message_id id;
  /// When nobody waits for it any more.
  context::time_point deadline;
  std::string reply;
  caf::error error;
  /// What goes on for it, while it is pending; null if nothing is known of it.
  std::shared_ptr<call_state> state = nullptr;
  /// The step of a trace that it is; null as a rule.
  span_ptr span = nullptr;

  bool pending() const {
    return id.is_response();
  }
};

/// How the trace names a call.
std::string trace_segment(std::string_view name);

/// Begins a call on behalf of the context's actor, in the context's CAF actor.
/// The strategy sees `action` as what it was called by, or else its name.
begun_call begin_call(const context& from, std::string_view name,
                      std::string_view payload, std::string_view action = {});

/// The same of a strategy that answers in parts. What goes wrong is told by the
/// stream. One that does not gives its one result.
json_stream begin_stream(const context& from, std::string_view name,
                         std::string_view payload);

/// The stream of a hosted strategy, whose guard was asked, for a call of its
/// own that is like this one. The domain actor is told at once. Whoever lets go
/// of the stream cancels the call. `step` is that of a trace.
json_stream hosted_stream(const strategy& what, const context::call& like,
                          span_ptr step);

/// Begins what a coroutine around a strategy wraps. It has no name of its own.
/// If it answers in parts, `to` takes its items; else that is null.
begun_call begin_rest(const context& from, const strategy_handlers& rest,
                      surrounded_stream* to);

/// What was sent to a domain actor.
struct sent_call {
  /// Of the response.
  caf::message_id id;
  /// By which it is cancelled.
  std::shared_ptr<call_state> state;
};

/// Sends a hosted strategy's invocation as a CAF request of `self`. Fails with
/// `unavailable` when the domain actor is down or its queue is full. `parts` as
/// `invocation::parts`.
caf::expected<sent_call>
send_invocation(caf::event_based_actor& self, const strategy::hosted_home& to,
                const context& ctx, stream_source_ptr parts = nullptr);

/// Runs `on_reply(std::string&)` or `on_error(caf::error&)` when the answer of
/// a pending call comes; an answer that has not come at the deadline is a
/// timeout, and the call is cancelled then. So it is when `caller` is, if that
/// is not null. Exceptions that leave them are logged and go no further.
template <class F, class G>
void await_reply(caf::event_based_actor& self, const begun_call& call,
                 std::shared_ptr<call_state> caller, F on_reply, G on_error) {
  await_response<strategy_reply>(
    self, {call.id, call.deadline, std::move(caller), call.state},
    [name = call.name] { return "what follows " + trace_segment(name); },
    [f = std::move(on_reply), step = call.span](strategy_reply& reply) mutable {
      if (step)
        step->end({});
      f(reply.payload);
    },
    [f = std::move(on_error), name = call.name,
     step = call.span](caf::error& why) mutable {
      if (step)
        step->end(why);
      auto traced = wrap(std::move(why), trace_segment(name));
      f(traced);
    });
}

} // namespace flamigo::detail
