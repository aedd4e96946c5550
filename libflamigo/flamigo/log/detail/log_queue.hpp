#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include <spdlog/sinks/sink.h>

#include "flamigo/log/detail/log_output.hpp"
#include "flamigo/log/detail/log_thread.hpp"

namespace flamigo::detail {

/// What the logger writes to: gives the lines to the thread that writes them,
/// which the first line starts. Never waits for that thread, and never throws.
/// Thread-safe. Never destroyed, as the thread is not.
class log_queue final : public spdlog::sinks::sink {
public:
  void log(const spdlog::details::log_msg& what) override;

  /// Queues a line that is written as it is, without a look at its length.
  void log_whole(std::string_view line) noexcept;

  /// What is logged is written without being asked to.
  void flush() override {
  }

  void set_pattern(const std::string& pattern) override;

  void set_formatter(std::unique_ptr<spdlog::formatter> how) override;

  log_output& output() noexcept {
    return output_;
  }

  /// Waits until what was logged before is written or lost, or the time has
  /// come. Returns false in the latter case.
  bool wait(std::chrono::steady_clock::time_point until);

  /// The program ends: from now on whoever logs waits until the line is
  /// written, but nobody longer than until then.
  void end(std::chrono::steady_clock::time_point until);

  // -- fork -------------------------------------------------------------------

  /// The child has no thread: its first line starts one. What waits is written
  /// by the parent.
  void before_fork();

  void after_fork(bool in_child);

private:
  /// Throws when there is no memory, or no thread.
  void post(const spdlog::details::log_msg& what);

  log_thread& running();

  log_output output_;
  std::mutex starting_;
  std::atomic<log_thread*> thread_ = nullptr;
  /// That of the process before the fork, within reach of leak checkers.
  log_thread* parents_ = nullptr;
  std::atomic<bool> ending_ = false;
  std::chrono::steady_clock::time_point end_;
};

} // namespace flamigo::detail
