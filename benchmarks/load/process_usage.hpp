#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include <sys/types.h>

namespace flamigo::load {

/// What processes, all of the server's, have used so far. The functions throw
/// `std::runtime_error`, which names the process, when one of them has ended.
class process_usage {
public:
  explicit process_usage(std::vector<pid_t> pids) : pids_(std::move(pids)) {
  }

  bool empty() const {
    return pids_.empty();
  }

  /// User and system time of all threads, also of those that have ended: the
  /// kernel's CPU clock of the process, because the times in /proc are in
  /// hundredths of a second.
  std::chrono::nanoseconds cpu_time() const;

  /// Resident memory: /proc/PID/smaps_rollup, which counts pages, or where that
  /// cannot be read /proc/PID/statm, which may lag behind by some pages a
  /// thread. What the kernel keeps for sockets is in neither.
  std::uint64_t resident_bytes() const;

private:
  std::vector<pid_t> pids_;
};

/// The same of this process.
std::chrono::nanoseconds own_cpu_time();

} // namespace flamigo::load
