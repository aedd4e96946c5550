#pragma once

#include <chrono>

#include <ctime>

namespace flamigo::detail {

/// Nobody sets it, and it goes on while the machine sleeps, which
/// std::chrono::steady_clock does not on Linux: others' do.
struct lease_clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<lease_clock>;

  static constexpr bool is_steady = true;

  static time_point now() noexcept {
    timespec it{};
    ::clock_gettime(CLOCK_BOOTTIME, &it);
    return time_point{std::chrono::seconds{it.tv_sec}
                      + std::chrono::nanoseconds{it.tv_nsec}};
  }
};

} // namespace flamigo::detail
