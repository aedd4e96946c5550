#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

namespace flamigo::detail {

/// Says when it pays to wait for more before the next message is sent: while
/// they come in quick succession. As Nagle's algorithm (RFC 896), by time
/// instead of acknowledgements.
class linger_rule {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit linger_rule(std::chrono::nanoseconds length) noexcept
    : length_(length) {
  }

  /// Messages of so many frames have been sent; returns how long to wait for
  /// the next ones.
  std::chrono::nanoseconds sent(std::size_t frames, time_point now) noexcept {
    auto is_busy = frames > 1 || (last_ && now - *last_ < length_);
    last_ = now;
    return is_busy ? length_ : length_.zero();
  }

private:
  const std::chrono::nanoseconds length_;
  std::optional<time_point> last_;
};

} // namespace flamigo::detail
