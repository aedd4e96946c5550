#pragma once

#include <memory>
#include <string>

#include <caf/actor_clock.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include "flamigo/context/detail/call_state.hpp"
#include "flamigo/json/detail/bytes_within.hpp"

namespace flamigo::detail {

/// A request to a connection actor: ask the client this. It answers with a
/// `strategy_reply` or an error, at the deadline at the latest.
struct client_question {
  std::string topic;
  /// The text of one JSON value.
  std::string payload;
  caf::actor_clock::time_point deadline;
  /// Only this user is asked, if one is named.
  std::string user = {};
  /// Shared with whoever has asked, who is cancelled; null of one that nobody
  /// withdraws.
  std::shared_ptr<call_state> call = nullptr;
  /// What finds the bytes in the payload; null if there are none.
  bytes_finder bytes = nullptr;
  /// The same in the answer.
  bytes_finder bytes_back = nullptr;
};

/// To a connection actor: the sender does not want to know any more what it has
/// asked.
struct question_over {};

} // namespace flamigo::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::client_question)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::question_over)
