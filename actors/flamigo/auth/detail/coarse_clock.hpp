#pragma once

#include <chrono>

#include <time.h>

namespace flamigo::detail {

/// The wall clock as the kernel has noted it at its last tick
/// (clock_gettime(2), CLOCK_REALTIME_COARSE): some milliseconds late at most,
/// and read without a system call, whatever the machine's clock is.
/// Thread-safe.
inline std::chrono::system_clock::time_point coarse_wall_time() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return std::chrono::system_clock::time_point{
    std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec}};
}

} // namespace flamigo::detail
