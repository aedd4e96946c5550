#pragma once

#include <chrono>
#include <cstddef>

#include "flamigo/limit/detail/pacer.hpp"

namespace flamigo::detail {

/// Says how many connections are let in a second, over all threads: as many as
/// there may be at once, then each when its time has come. From any thread.
class accept_rate {
public:
  using time_point = pacer_clock::time_point;

  /// So many a second; 0 for any number. While nobody asks.
  void set_bound(std::size_t a_second) noexcept {
    bound_ = {a_second, std::chrono::seconds{1}};
  }

  /// Whether one more may come in now, which then counts.
  bool allow(time_point now) noexcept {
    return !bound_.is_limited() || state_.take(bound_, now).count() == 0;
  }

private:
  rate bound_;
  shared_pacer state_;
};

} // namespace flamigo::detail
