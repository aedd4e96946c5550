#pragma once

#include <chrono>

#include <caf/timespan.hpp>

namespace flamigo {

/// How `memory_presence` tells of changes.
struct memory_presence_options {
  /// Changes of a channel within this time are told of together.
  caf::timespan interval = std::chrono::milliseconds{100};
};

} // namespace flamigo
