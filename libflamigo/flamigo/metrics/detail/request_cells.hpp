#pragma once

#include <array>

#include "flamigo/metrics/detail/cell.hpp"
#include "flamigo/metrics/detail/duration_cells.hpp"
#include "flamigo/metrics/detail/metric.hpp"

namespace flamigo::detail {

/// The requests of one strategy, as one thread has answered them.
struct request_cells {
  /// In the order of `status_labels`.
  std::array<cell, status_labels.size()> by_status;
  /// Of those that have run.
  duration_cells latency;
};

} // namespace flamigo::detail
