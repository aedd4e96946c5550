#pragma once

#include <string>
#include <string_view>

namespace flamigo::detail {

/// How messages to a client are compressed, as was agreed (RFC 7692, 7.1).
struct compression {
  /// 9 to 15; 0 where they are not.
  int window_bits = 0;
  /// Whether they build on those before.
  bool has_context = false;
  /// What the response says of it in `Sec-WebSocket-Extensions`.
  std::string answer;
};

/// Agrees to the first of a client's offers that can be kept to, as its
/// `Sec-WebSocket-Extensions` has them, each on its own: those behind one that
/// has to be declined are there for that (RFC 7692, 5.1). `with_context` is
/// what we would like.
///
/// Pure: no I/O.
compression agree(std::string_view offers, bool with_context);

} // namespace flamigo::detail
