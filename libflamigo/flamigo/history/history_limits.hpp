#pragma once

#include <chrono>
#include <cstddef>

#include <caf/timespan.hpp>

namespace flamigo {

/// What is kept of one topic: the newest events, as far as each of these
/// allows.
struct history_limits {
  /// How many; 0 keeps none, but counts them.
  std::size_t max_events = 1'000;

  /// Of their frames, together.
  std::size_t max_bytes = 1'048'576;

  /// How long each is kept.
  caf::timespan max_age = std::chrono::minutes{10};
};

} // namespace flamigo
