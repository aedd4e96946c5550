#pragma once

#include <cstdint>
#include <string>

namespace flamigo {

/// How far a client has got in a channel with a history, as docs/protocol.md
/// has it.
struct channel_position {
  std::string topic;
  std::string epoch;
  std::uint64_t offset = 0;

  friend bool operator==(const channel_position&, const channel_position&)
    = default;
};

} // namespace flamigo
