#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>

#include <spdlog/async_logger.h>

#include "flamigo/log/detail/log_writer.hpp"

namespace flamigo::detail {

/// The thread that writes the log, and the queue of what waits for it: at most
/// `log::max_waiting_lines`; one more costs the oldest its place. Ends with the
/// process only, because its last write may never end.
class log_thread {
public:
  /// Throws if there is no memory for the queue, or no thread. `out` has to
  /// outlive the process's last line.
  explicit log_thread(log_output& out);

  log_thread(const log_thread&) = delete;

  ~log_thread() = delete;

  /// Queues a line. Never waits for the writer. Throws std::bad_alloc, and then
  /// the line is not counted.
  void post(const spdlog::details::log_msg& what);

  /// Waits until all that was posted before is written or lost, or the time has
  /// come. Returns false in the latter case.
  bool wait(std::chrono::steady_clock::time_point until);

private:
  std::shared_ptr<spdlog::details::thread_pool> pool_;
  std::shared_ptr<log_writer> writer_;
  std::shared_ptr<spdlog::async_logger> queue_;
  std::atomic<std::uint64_t> posted_ = 0;
};

} // namespace flamigo::detail
