#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include <caf/timespan.hpp>

namespace flamigo {

/// What holds for clients that have not authenticated, and for users whose
/// proof has expired. Only where an application switches authentication on;
/// read once, when the server starts.
struct auth_options {
  /// Time for a client to authenticate. Then it is closed with 3502. 0: it may
  /// stay a guest for good, and may send as much as a user.
  caf::timespan timeout = std::chrono::seconds{10};

  /// Bytes of messages that a client may send before it has authenticated.
  /// More close it with 3013.
  std::size_t max_bytes = 16'384;

  /// Messages that a client may send before it has authenticated. More close it
  /// with 3013.
  std::size_t max_messages = 32;

  /// Time for a user whose proof has expired to show a fresh one. Then the
  /// connection is closed with 3005.
  caf::timespan expiry_grace = std::chrono::seconds{25};

  /// Name of the cookie that carries the token of a client that connects; empty
  /// for none. A browser sends it whoever wrote the page: `allowed_origins`
  /// says which pages may.
  std::string cookie = {};

  /// Whether the bus delivers to clients that have not authenticated what they
  /// were subscribed to.
  bool guest_events = false;
};

} // namespace flamigo
