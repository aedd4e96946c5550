#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flamigo::detail {

/// What a packet of Engine.IO 4 is, as its first character says.
enum class engine_kind : char {
  open = '0',
  close = '1',
  ping = '2',
  pong = '3',
  message = '4',
  upgrade = '5',
  noop = '6',
  /// A message in bytes, in base64 where it stands among texts.
  binary = 'b',
};

/// One packet.
struct engine_packet {
  engine_kind kind = engine_kind::noop;
  /// What stands behind its kind; of a binary message the bytes.
  std::string data = {};
};

/// Between the packets of one HTTP body.
inline constexpr char packet_separator = '\x1e';

/// Reads a packet that came as text, which may be any. Nothing for what is
/// none.
std::optional<engine_packet> read_packet(std::string_view text);

/// Reads the packets of an HTTP body. Nothing if one of them is none.
std::optional<std::vector<engine_packet>> read_payload(std::string_view body);

/// Appends a packet to an HTTP body, behind those that it has.
void append_packet(std::string& body, const engine_packet& what);

} // namespace flamigo::detail
