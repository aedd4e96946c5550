#pragma once

#include <chrono>
#include <cstdint>

#include "flamigo/metrics/detail/cell.hpp"
#include "flamigo/metrics/detail/duration_cells.hpp"

namespace flamigo::detail {

/// The turns of one I/O thread, which writes this: how long they took, and for
/// how long one goes on, which shows a thread that is blocked while it is.
class turn_cells {
public:
  using time_point = std::chrono::steady_clock::time_point;

  void begin(time_point now) noexcept {
    since_.set(count_of(now));
  }

  void end(time_point began, time_point now) noexcept {
    since_.set(0);
    took_.observe(now - began);
  }

  // -- from any thread --------------------------------------------------------

  const duration_cells& took() const noexcept {
    return took_;
  }

  /// For how long the turn goes on that there is now; nothing between turns.
  std::chrono::nanoseconds age(time_point now) const noexcept {
    auto since = since_.get();
    if (since == 0 || count_of(now) < since)
      return {};
    return std::chrono::nanoseconds{count_of(now) - since};
  }

private:
  static std::uint64_t count_of(time_point when) noexcept {
    return static_cast<std::uint64_t>(
      std::chrono::nanoseconds{when.time_since_epoch()}.count());
  }

  /// Zero between turns.
  cell since_;
  duration_cells took_;
};

} // namespace flamigo::detail
