#pragma once

#include <cstdint>

#include "flamigo/task/detail/timer.hpp"

namespace flamigo::detail {

/// The timers of an actor by the time at which they are due: a pairing heap,
/// whose nodes are a part of what waits, so that adding one cannot fail.
class timer_heap {
public:
  bool empty() const noexcept {
    return first_ == nullptr;
  }

  /// When the first one is due; must not be empty.
  timer::time_point next_due() const noexcept {
    return first_->due_;
  }

  /// It must not be in one.
  void add(timer& what, timer::time_point due) noexcept;

  /// Does nothing if it is not in here.
  void remove(timer& what) noexcept;

  /// Takes out the first one if it is due; null if it is not.
  timer* take_due(timer::time_point now) noexcept;

private:
  /// Of two heaps one; either may be null.
  static timer* merge(timer* a, timer* b) noexcept;

  /// Of what were the children of one.
  static timer* merge_all(timer* first) noexcept;

  timer* first_ = nullptr;
  std::uint64_t count_ = 0;
};

} // namespace flamigo::detail
