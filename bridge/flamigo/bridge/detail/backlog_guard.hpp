#pragma once

#include <chrono>
#include <cstddef>

namespace flamigo::detail {

/// Decides when a peer does not take what it is sent: too many bytes wait, or
/// they wait for too long without one of them being taken.
class backlog_guard {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::nanoseconds;

  backlog_guard(std::size_t max_bytes, duration patience)
    : max_bytes_(max_bytes), patience_(patience) {
  }

  /// After an attempt to send: what waits still, and whether any was taken.
  void sent(std::size_t waiting, bool progress, time_point now) noexcept {
    if (waiting > 0 && (waiting_ == 0 || progress))
      since_ = now;
    waiting_ = waiting;
  }

  bool too_much() const noexcept {
    return waiting_ > max_bytes_;
  }

  bool too_long(time_point now) const noexcept {
    return waiting_ > 0 && now - since_ >= patience_;
  }

private:
  std::size_t max_bytes_;
  duration patience_;
  std::size_t waiting_ = 0;
  /// Since when nothing was taken; meaningful while bytes wait.
  time_point since_;
};

} // namespace flamigo::detail
