#pragma once

#include <chrono>

namespace flamigo::detail {

class home_unit;

/// While one lives, other threads are not woken by what the calling thread puts
/// for them, but once, at its end: for an actor that answers and publishes for
/// each of the messages that wait for it. An actor that has taken more than
/// `patience` has it all leave before it goes on. So what is held back is late
/// by the handling of one message, and only for a thread that does nothing
/// meanwhile, not even look after its timers.
class wake_batch {
public:
  static constexpr std::chrono::microseconds patience{50};

  using time_point = std::chrono::steady_clock::time_point;

  explicit wake_batch(time_point now
                      = std::chrono::steady_clock::now()) noexcept;

  wake_batch(const wake_batch&) = delete;

  wake_batch& operator=(const wake_batch&) = delete;

  ~wake_batch();

  /// Whether the calling thread has one.
  static bool exists() noexcept;

  /// Wakes this unit at the end, if it is not late for that; otherwise all of
  /// them now.
  /// @pre `exists()`
  static void hold(home_unit& what) noexcept;

private:
  time_point since_;
};

} // namespace flamigo::detail
