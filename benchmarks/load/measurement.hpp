#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "histogram.hpp"
#include "poller.hpp"
#include "process_usage.hpp"
#include "report.hpp"

namespace flamigo::load {

/// Counts operations, and the CPU time that they take, between `start` and
/// `stop`, which may be called in turn. What happens before, after and in
/// between does not count.
class measurement {
public:
  /// `server` must outlive it.
  explicit measurement(const process_usage& server) : server_(server) {
  }

  void start();

  void stop();

  /// An operation has ended that took so long.
  void operation(clock::duration latency) {
    if (running_)
      latency_.record(latency);
  }

  /// CPU time of the server in microseconds, if it is known and it was stopped.
  std::optional<double> server_cpu_us() const;

  /// Fills in what it is responsible for: nothing unless it was stopped.
  void write(report& out) const;

private:
  const process_usage& server_;
  bool running_ = false;
  /// While it runs, without the clocks at its start; then, what was used.
  clock::duration elapsed_{};
  std::chrono::nanoseconds server_cpu_{};
  std::chrono::nanoseconds own_cpu_{};
  std::uint64_t resident_bytes_ = 0;
  histogram latency_;
};

} // namespace flamigo::load
