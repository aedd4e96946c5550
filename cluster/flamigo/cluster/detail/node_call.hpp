#pragma once

#include <string>

#include <caf/allowed_unsafe_message_type.hpp>

#include "flamigo/context/context.hpp"

namespace flamigo::detail {

/// A request to the actor that stands for another node
/// (`node_relay::find_node`): have this hosted strategy run there. It answers
/// with a `strategy_reply` or an error.
///
/// Who sends it has asked the strategy's guard. Nobody waits any more when the
/// actor gets a `call_notice` of the context's `call_state`.
struct node_call {
  std::string strategy;
  /// A copy of the caller's, with his deadline.
  context ctx;
};

} // namespace flamigo::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::node_call)
