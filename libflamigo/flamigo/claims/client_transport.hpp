#pragma once

#include <cstdint>

namespace flamigo {

/// By what a client is connected.
enum class client_transport : std::uint8_t {
  none,
  websocket,
  polling,
  sse,
};

} // namespace flamigo
