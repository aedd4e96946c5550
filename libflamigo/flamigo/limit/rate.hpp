#pragma once

#include <chrono>
#include <cstddef>

#include <caf/timespan.hpp>

namespace flamigo {

/// So many in so much time, as a bucket of tokens has it: `burst` may come at
/// once, and then one each `per / count`.
struct rate {
  /// 0 means no limit.
  std::size_t count = 0;
  /// The time in which so many may come; positive where there is a limit.
  caf::timespan per{0};
  /// 0 means `count`.
  std::size_t burst = 0;

  /// So many in a second.
  static rate a_second(std::size_t count, std::size_t burst) noexcept {
    return {count, std::chrono::seconds{1}, burst};
  }

  /// Whether there is a limit.
  bool is_limited() const noexcept {
    return count > 0;
  }

  bool operator==(const rate&) const = default;
};

} // namespace flamigo
