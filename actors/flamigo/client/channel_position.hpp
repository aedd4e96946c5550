#pragma once

#include <cstdint>
#include <string>

namespace flamigo {

/// How far a client has got in a channel with a history, as docs/protocol.md
/// has it.
struct channel_position {
  /// That of the channel.
  std::string topic;
  /// In which offsets count.
  std::string epoch;
  /// Of the last event that the client was sent, or 0.
  std::uint64_t offset = 0;

  friend bool operator==(const channel_position&, const channel_position&)
    = default;
};

} // namespace flamigo
