#pragma once

#include <cstdint>
#include <string_view>

#include "flamigo/json/detail/token.hpp"

namespace flamigo {

/// A request as it came in. The views belong to who decoded it.
struct client_request {
  /// The strategy to run, without quotes and escapes.
  std::string_view topic;
  /// JSON; `null` if the request has no payload.
  std::string_view payload;
  /// The token as it was sent, a string with its quotes: it is echoed byte for
  /// byte. Empty if the request has none.
  std::string_view ack_id;
  /// The payload taken apart; null if it has more parts than are kept.
  const detail::json_token* payload_tokens = nullptr;
  /// Whether it is none, but the answer to a request of the server
  /// (`read_answer`); then all else is to be ignored.
  bool is_answer = false;
  /// Where the payload has bytes that came as they are and stand in it as
  /// base64: the numbers of the characters where their texts begin, such as
  /// `8,40`. Only where bytes are declared there it may be run. Empty if there
  /// are none.
  std::string_view bytes_at = {};
  /// The handlers that are not tried for that reason, as of a `context::call`.
  std::uint32_t passed_over = 0;
  /// What the request says of its trace, as it was sent; empty if that is no
  /// text without escapes, neither in it nor in its name: nobody needs them.
  std::string_view traceparent = {};
};

} // namespace flamigo
