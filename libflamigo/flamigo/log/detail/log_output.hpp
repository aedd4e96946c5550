#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include <spdlog/details/log_msg.h>
#include <spdlog/formatter.h>

#include "flamigo/log/detail/log_target.hpp"

namespace flamigo::detail {

/// How lines of the log look, where they go, and how many did not get there:
/// what the thread that writes them shares with all others. Thread-safe; nobody
/// waits for anything while holding its lock.
class log_output {
public:
  log_output();

  // -- settings ---------------------------------------------------------------

  /// What is written goes there from now on, but for a write that has begun.
  void set_target(std::shared_ptr<log_target> where);

  /// To be held for one write: the last who holds it closes its file.
  std::shared_ptr<log_target> target() const;

  void set_formatter(std::unique_ptr<spdlog::formatter> how);

  /// Whether lines are JSON objects, whatever the formatter is.
  void write_json(bool wanted) noexcept {
    json_ = wanted;
  }

  bool writes_json() const noexcept {
    return json_;
  }

  /// Who is told of losses instead of whoever reads the lines; returns false if
  /// it cannot be told now. To be set before there are any.
  void report_to(std::function<bool(const std::string&)> who) {
    elsewhere_ = std::move(who);
  }

  /// Whether losses are told by somebody else.
  bool reports_elsewhere() const noexcept {
    return elsewhere_ != nullptr;
  }

  /// Appends a line as it is to be written, in colour if the target has that.
  void format(const spdlog::details::log_msg& what, std::string& to) const;

  /// Says, on the thread that writes, that lines are missing here. Returns
  /// whether it was said.
  bool report(const std::string& text);

  // -- lines that are lost ----------------------------------------------------

  /// Counts lines that were not written; `why` is an errno, if there is one.
  void lose(std::uint64_t lines, int why = 0) noexcept;

  std::uint64_t lost() const noexcept {
    return lost_;
  }

  /// The errno that came last, or 0.
  int why() const noexcept {
    return why_;
  }

  /// Somebody was told of these lines.
  void forget(std::uint64_t lines) noexcept;

  // -- fork -------------------------------------------------------------------

  /// Locked while the process forks, so that the child finds all in order.
  std::mutex& mutex() noexcept {
    return mutex_;
  }

private:
  void format_text(const spdlog::details::log_msg& what, std::string& to) const;

  mutable std::mutex mutex_;
  std::shared_ptr<log_target> target_;
  std::unique_ptr<spdlog::formatter> formatter_;
  std::function<bool(const std::string&)> elsewhere_;
  std::atomic<bool> json_ = false;
  std::atomic<std::uint64_t> lost_ = 0;
  std::atomic<int> why_ = 0;
};

} // namespace flamigo::detail
