#pragma once

#include <string>
#include <utility>

namespace flamigo::detail {

/// What a line of the log is about, where that is known: shown in lines that
/// are JSON. Whoever logs has it by `log_scope`.
class log_origin {
public:
  /// Appends its members, each with a comma before it: `,"connection":"c1"`.
  /// Called on the thread that logs.
  virtual void append_members(std::string& out) const = 0;

  /// That of the calling thread; null if nothing is known.
  static const log_origin* current() noexcept;

  /// Sets it, and returns the one before. For `log_scope`.
  static const log_origin* current(const log_origin* next) noexcept;

protected:
  ~log_origin() = default;
};

/// As long as it is there, lines of this thread are about that; with null, they
/// are about what they were. They end in the reverse order of their beginning.
class log_scope {
public:
  explicit log_scope(const log_origin* what) noexcept : what_(what) {
    if (what_ != nullptr) [[unlikely]]
      before_ = log_origin::current(what_);
  }

  log_scope(const log_scope&) = delete;

  log_scope& operator=(const log_scope&) = delete;

  ~log_scope() {
    if (what_ != nullptr) [[unlikely]]
      log_origin::current(before_);
  }

private:
  const log_origin* what_;
  const log_origin* before_ = nullptr;
};

} // namespace flamigo::detail
