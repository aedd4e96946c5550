#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <caf/fwd.hpp>
#include <caf/message_id.hpp>

#include "flamigo/context.hpp"
#include "flamigo/strategy.hpp"

namespace flamigo::detail {

/// A strategy call that an actor has begun: answered already, or to be answered
/// by a response with this id.
struct begun_call {
  std::string name;
  /// Of the response; not a response's id when `error` or `reply` is set.
  caf::message_id id;
  std::string reply;
  caf::error error;

  bool pending() const {
    return id.is_response();
  }
};

/// Begins a call on behalf of the context's actor, in the context's CAF actor.
/// An answer that does not come until the context's deadline is a timeout.
begun_call begin_call(const context& from, std::string_view name,
                      std::string_view payload);

/// Sends a hosted strategy's invocation as a CAF request of `self` and returns
/// the id of the response, or `unavailable` when the domain actor is down or
/// its queue is full.
caf::expected<caf::message_id> send_invocation(caf::event_based_actor& self,
                                               const strategy::hosted_home& to,
                                               const context& ctx);

/// Runs one of the functions when the answer of a pending call comes.
/// Exceptions that leave them are logged and go no further.
void await_reply(caf::event_based_actor& self, const begun_call& call,
                 std::function<void(std::string&)> on_reply,
                 std::function<void(caf::error&)> on_error);

} // namespace flamigo::detail
