#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/sink.h>

#include "flamigo/log/detail/log_output.hpp"

namespace flamigo::detail {

/// Writes the lines that come out of a queue, on its thread, several at once
/// where several wait, and says how many were lost.
class log_writer final : public spdlog::sinks::sink {
public:
  /// Both have to outlive the writer.
  log_writer(log_output& out, spdlog::details::thread_pool& queue);

  // -- on the queue's thread --------------------------------------------------

  void log(const spdlog::details::log_msg& what) override;

  // -- on any thread ----------------------------------------------------------

  /// A line that was to come will not.
  void skip() noexcept;

  /// Waits until so many lines were written, lost or skipped. Returns false if
  /// they are not by then.
  bool wait(std::uint64_t lines, std::chrono::steady_clock::time_point until);

  // -- of no use here ---------------------------------------------------------

  void flush() override {
  }

  void set_pattern(const std::string&) override {
  }

  void set_formatter(std::unique_ptr<spdlog::formatter>) override {
  }

private:
  void append(const spdlog::details::log_msg& what);

  /// Says how many lines were lost until now, in the place where they are
  /// missing.
  void report_losses();

  void write_out() noexcept;

  void finish(std::uint64_t lines) noexcept;

  log_output& out_;
  spdlog::details::thread_pool& queue_;
  std::string line_;
  std::string batch_;
  /// Of which `batch_` consists.
  std::uint64_t lines_ = 0;
  /// Overrun lines that were reported.
  std::uint64_t reported_ = 0;
  std::mutex mutex_;
  std::condition_variable progress_;
  /// Lines that were written, lost here, or skipped.
  std::uint64_t done_ = 0;
};

} // namespace flamigo::detail
