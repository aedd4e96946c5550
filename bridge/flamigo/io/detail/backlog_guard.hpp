#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace flamigo::detail {

/// Decides when a peer does not take what it is sent: too many bytes wait, or
/// they wait for too long without one of them being taken.
///
/// One message may be larger than the limit, since whoever reads can have it.
/// What waits behind it counts.
class backlog_guard {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::nanoseconds;

  backlog_guard(std::size_t max_bytes, duration patience)
    : max_bytes_(max_bytes), patience_(patience) {
  }

  /// A message of this size was put behind `before` bytes.
  void queued(std::size_t before, std::size_t size) noexcept {
    if (size > max_bytes_ && excused_ == 0 && before <= max_bytes_)
      excused_ = before + size;
  }

  /// After an attempt to send: how much was taken, and what waits still.
  void sent(std::size_t taken, std::size_t waiting, time_point now) noexcept {
    if (waiting > 0 && (waiting_ == 0 || taken > 0))
      since_ = now;
    excused_ -= std::min(excused_, taken);
    waiting_ = waiting;
  }

  /// So much waits now, while the peer is waited for.
  void grew(std::size_t waiting) noexcept {
    waiting_ = waiting;
  }

  /// What waits, as far as it was told.
  std::size_t waiting() const noexcept {
    return waiting_;
  }

  bool too_much() const noexcept {
    return waiting_ > max_bytes_ && waiting_ - excused_ > max_bytes_;
  }

  bool too_long(time_point now) const noexcept {
    return waiting_ > 0 && now - since_ >= patience_;
  }

  /// With how much waiting there is room for so many bytes more of what can
  /// wait itself. One that is larger than all of it is allowed to be.
  static std::size_t room_for(std::size_t bytes,
                              std::size_t max_bytes) noexcept {
    auto usual = max_bytes / 4;
    return bytes <= max_bytes ? std::min(usual, max_bytes - bytes) : usual;
  }

private:
  std::size_t max_bytes_;
  duration patience_;
  std::size_t waiting_ = 0;
  /// Of what waits, up to the end of a message that is too large by itself.
  std::size_t excused_ = 0;
  /// Since when nothing was taken; meaningful while bytes wait.
  time_point since_;
};

} // namespace flamigo::detail
