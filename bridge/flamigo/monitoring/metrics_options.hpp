#pragma once

#include <cstdint>
#include <string>

namespace flamigo {

/// Where a program says how it is. Read once, when it starts.
struct metrics_options {
  /// Name or address to listen on. Whoever reaches it can read what is there.
  std::string address = "127.0.0.1";

  /// TCP port. With 0 there is none, and nothing is counted.
  std::uint16_t port = 0;

  /// Listens on a port that is free where none is named, for tests. No option
  /// of the command line.
  bool on_free_port = false;

  /// Whether there is something to listen on.
  bool wanted() const noexcept {
    return port != 0 || on_free_port;
  }
};

} // namespace flamigo
