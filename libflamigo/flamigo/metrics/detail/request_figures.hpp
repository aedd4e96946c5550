#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "flamigo/metrics/detail/duration_cells.hpp"
#include "flamigo/metrics/detail/metric.hpp"

namespace flamigo::detail {

/// The requests of one strategy, as all threads have answered them since the
/// start.
struct request_figures {
  /// Empty for what names no strategy of the program.
  std::string strategy;
  /// In the order of `status_labels`.
  std::array<std::uint64_t, status_labels.size()> by_status{};
  /// What is in each bucket of `duration_cells`, and in none before it.
  std::array<std::uint64_t, duration_cells::buckets> latency{};
  /// All times together, in nanoseconds.
  std::uint64_t total_time = 0;

  /// Whether it was called at all.
  bool called() const noexcept {
    for (auto x : by_status)
      if (x > 0)
        return true;
    return false;
  }
};

} // namespace flamigo::detail
