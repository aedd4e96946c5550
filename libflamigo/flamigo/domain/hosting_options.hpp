#pragma once

#include <chrono>
#include <cstddef>

#include <caf/timespan.hpp>

namespace flamigo {

/// How a domain actor is looked after.
struct hosting_options {
  /// Spawn the domain actor anew when it goes down by an error. Its state
  /// starts afresh; what waited in its mailbox was answered 503.
  bool restart = false;

  /// Restarts within `restart_window`; one more leaves the domain down, and its
  /// strategies answer 503.
  std::size_t max_restarts = 5;

  /// The time in which restarts are counted; `caf::timespan::max()` for all.
  caf::timespan restart_window = std::chrono::minutes{1};

  /// Requests that wait in the domain actor's mailbox; more are answered 503.
  std::size_t max_queued = 10'000;
};

} // namespace flamigo
