#pragma once

#include <cstdint>
#include <string>

namespace flamigo {

/// How a client spells what it says.
enum class client_protocol : std::uint8_t {
  /// No client: nobody spells anything.
  none,
  /// Ours, see docs/protocol.md.
  flamigo,
  /// Socket.IO's.
  socket_io,
};

/// As the documentation spells it: `none`, `flamigo`, `socket.io`.
std::string to_string(client_protocol x);

} // namespace flamigo
