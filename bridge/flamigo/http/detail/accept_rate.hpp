#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace flamigo::detail {

/// Says how many connections are let in a second, over all threads: as many as
/// there may be at once, then each when its time has come (a token bucket, by
/// the time at which it is full again). From any thread.
class accept_rate {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// So many a second; 0 for any number. While nobody asks.
  void set_bound(std::size_t a_second) noexcept {
    interval_ = a_second == 0 ? 0
                              : second / static_cast<std::int64_t>(a_second);
  }

  /// Whether one more may come in now, which then counts.
  bool allow(time_point now) noexcept {
    return interval_ == 0 || take(now.time_since_epoch().count());
  }

private:
  /// In nanoseconds, as all of these.
  static constexpr std::int64_t second = 1'000'000'000;

  bool take(std::int64_t now) noexcept;

  std::int64_t interval_ = 0;
  std::atomic<std::int64_t> full_at_ = 0;
};

} // namespace flamigo::detail
