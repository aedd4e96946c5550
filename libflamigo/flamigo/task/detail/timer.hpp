#pragma once

#include <cstdint>

#include <caf/actor_clock.hpp>

namespace flamigo::detail {

/// Something of one actor that is due at a time; a part of who waits for it.
class timer {
public:
  using time_point = caf::actor_clock::time_point;

  timer() = default;

  timer(const timer&) = delete;

  timer& operator=(const timer&) = delete;

  virtual ~timer() = default;

  /// In the actor; it is out of the heap then.
  virtual void is_due() noexcept = 0;

protected:
  /// Whether it is in a heap.
  bool is_started() const noexcept {
    return is_in_;
  }

private:
  friend class timer_heap;

  time_point due_;
  /// What is due at one time comes in the order in which it was added.
  std::uint64_t number_ = 0;
  timer* child_ = nullptr;
  timer* next_ = nullptr;
  /// The one before among its siblings, or the parent of the first.
  timer* before_ = nullptr;
  bool is_in_ = false;
};

} // namespace flamigo::detail
