#pragma once

#include <cstdint>
#include <string>

namespace flamigo {

/// What carries what a client says.
enum class client_transport : std::uint8_t {
  /// No client: nothing is carried.
  none,
  /// A WebSocket.
  websocket,
  /// Requests over HTTP, of which one waits for what the server says.
  polling,
  /// Server-sent events, and requests over HTTP.
  sse,
};

/// As the documentation spells it: `none`, `websocket`, `polling`, `sse`.
std::string to_string(client_transport x);

} // namespace flamigo
