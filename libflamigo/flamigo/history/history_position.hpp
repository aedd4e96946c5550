#pragma once

#include <compare>
#include <cstdint>

namespace flamigo {

/// How far something has come in a topic's history.
struct history_position {
  /// Says which count this is: another one when offsets have begun anew. Not 0,
  /// except in a position of no history.
  std::uint64_t epoch = 0;

  /// Of an event; they grow by one. 0 is before the first.
  std::uint64_t offset = 0;

  friend bool operator==(const history_position&, const history_position&)
    = default;
};

} // namespace flamigo
