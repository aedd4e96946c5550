#pragma once

#include <chrono>

namespace flamigo::detail {

/// Decides when a silent peer is pinged and when it is given up. Any byte that
/// it sends is a sign of life, not only the pong.
class heartbeat {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::nanoseconds;

  enum class action {
    none,
    ping,
    give_up
  };

  heartbeat(duration interval, duration patience, time_point now)
    : interval_(interval), patience_(patience), since_(now) {
  }

  void heard(time_point now) noexcept {
    since_ = now;
    pinged_ = false;
  }

  /// Whether the next tick gives up.
  bool overdue(time_point now) const noexcept {
    return pinged_ && now - since_ >= patience_;
  }

  action tick(time_point now) noexcept {
    if (pinged_)
      return overdue(now) ? action::give_up : action::none;
    if (now - since_ < interval_)
      return action::none;
    since_ = now;
    pinged_ = true;
    return action::ping;
  }

private:
  duration interval_;
  duration patience_;
  /// Of the last sign of life, or of the ping that it did not answer yet.
  time_point since_;
  bool pinged_ = false;
};

} // namespace flamigo::detail
