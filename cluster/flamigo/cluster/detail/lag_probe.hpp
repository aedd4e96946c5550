#pragma once

#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

namespace flamigo::detail {

/// How long what other threads have for a thread waits for it: sends something
/// the same way and sees when it arrives. One at a time is under way. All
/// members are for any thread.
class lag_probe {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// True if the caller has to have `arrived` called there, behind all that
  /// waits; false while one is under way.
  bool send(time_point now) {
    std::lock_guard guard{mtx_};
    if (sent_)
      return false;
    sent_ = now;
    return true;
  }

  void arrived(time_point now) {
    std::lock_guard guard{mtx_};
    if (auto sent = std::exchange(sent_, std::nullopt))
      last_ = now - *sent;
  }

  /// Of the last one, or of that which is under way if that is longer.
  std::chrono::nanoseconds lag(time_point now) const {
    std::lock_guard guard{mtx_};
    return sent_ ? std::max(last_, now - *sent_) : last_;
  }

private:
  mutable std::mutex mtx_;
  std::optional<time_point> sent_;
  std::chrono::steady_clock::duration last_{0};
};

} // namespace flamigo::detail
