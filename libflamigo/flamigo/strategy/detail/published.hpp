#pragma once

#include <atomic>

namespace flamigo::detail {

/// A value that one thread sets while others read it, and with it all that was
/// written before. It is copied only while nobody else has it.
template <class T>
class published {
public:
  explicit published(T value) noexcept : value_(value) {
  }

  published(const published& other) noexcept : value_(other.get()) {
  }

  published& operator=(const published& other) noexcept {
    set(other.get());
    return *this;
  }

  T get() const noexcept {
    return value_.load(std::memory_order_acquire);
  }

  void set(T value) noexcept {
    value_.store(value, std::memory_order_release);
  }

private:
  std::atomic<T> value_;
};

} // namespace flamigo::detail
