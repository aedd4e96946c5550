#pragma once

#include <vector>

#include "flamigo/history/history_position.hpp"
#include "flamigo/history/kept_event.hpp"

namespace flamigo {

/// What a history has after a position.
struct history_slice {
  /// The newest event.
  history_position newest;

  /// Whether all that came after the position is there still. If not, there is
  /// nothing else here: it is too old, or none of this history.
  bool reaches = false;

  /// The next ones, in order; not all, if they would be too many at once.
  std::vector<kept_event> events;
};

} // namespace flamigo
