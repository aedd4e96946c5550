#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "flamigo/json/raw_json.hpp"
#include "flamigo/remote/remote_position.hpp"

namespace flamigo {

/// One is in a channel, by a `join`, by the program on the server, or again
/// after a connection was lost.
struct remote_joined {
  /// The channel.
  std::string topic{};
  /// What the channel's `join` has answered.
  raw_json result{};
  /// Of the newest event; nothing where the channel keeps none.
  std::optional<remote_position> newest{};
  /// Nothing the first time. true: every event that was missed comes now, in
  /// order. false: there may have been others, so fetch the state anew, which
  /// may also come while one is in it.
  std::optional<bool> recovered{};
  /// How many events that were missed come now.
  std::uint64_t missed = 0;
};

} // namespace flamigo
