#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flamigo::load {

/// Writes a request for `app::bench:echo`, about 140 bytes, whose payload and
/// ackId are all its own.
void write_echo(std::string& out, std::uint64_t id);

/// What a message says about an echo.
struct echo_reply {
  /// The ackId, 0 if there is none of ours.
  std::uint64_t id = 0;
  /// Whether topic and payload are those of the request.
  bool good = false;
};

echo_reply read_echo(std::string_view text);

} // namespace flamigo::load
