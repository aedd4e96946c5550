#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "flamigo/history/history_position.hpp"

namespace flamigo::detail {

/// One channel of a client that is away.
struct kept_channel {
  std::string topic;
  /// Whether the client has subscribed to it by itself, else the program alone.
  bool by_client = true;
  /// The last event that was said to the client, or was heard by it elsewhere.
  history_position at;
  /// The first one behind this offset was: none of them is said again.
  std::uint64_t began = 0;
  /// With less than that the client has some of what follows.
  std::uint64_t least = 0;
  /// Whether it wants to know who is there.
  bool presence = false;
  /// What it has given the join handler, as JSON; empty if nothing.
  std::string input;
};

/// What a client has of channels, so that it can be had again over another
/// connection.
struct kept_client {
  /// Whose it is; none of a guest.
  std::optional<std::string> user;
  std::vector<kept_channel> channels;
};

} // namespace flamigo::detail
