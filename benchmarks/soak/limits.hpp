#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace flamigo::soak {

using namespace std::chrono_literals;

/// What the server is told to grant, much less than by default, so that every
/// limit is reached again and again.
struct limits {
  static constexpr auto handshake_timeout = 2s;
  static constexpr auto ping_interval = 2s;
  static constexpr auto pong_timeout = 2s;
  static constexpr auto backlog_timeout = 3s;
  static constexpr auto close_timeout = 1s;
  static constexpr auto drain_timeout = 5s;
  static constexpr auto request_timeout = 4s;
  static constexpr std::size_t max_message_bytes = 65'536;
  static constexpr std::size_t max_backlog_bytes = 262'144;
  static constexpr std::size_t max_in_flight = 64;

  /// For a machine that is busy, on top of any time above.
  static constexpr auto margin = 3s;

  /// In which a healthy server answers whatever else it does.
  static constexpr auto patience = 10s;
};

/// The same as arguments of the server.
std::vector<std::string> to_arguments();

} // namespace flamigo::soak
