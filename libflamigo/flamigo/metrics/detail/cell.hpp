#pragma once

#include <atomic>
#include <cstdint>

namespace flamigo::detail {

/// A number that one thread changes and others look at. A change is a load and
/// a store, without a lock on the bus: what another thread changed meanwhile
/// would be lost. Numbers that go down as well wrap around; the sum of all
/// threads' does not.
class cell {
public:
  void add(std::uint64_t n) noexcept {
    set(get() + n);
  }

  void set(std::uint64_t n) noexcept {
    value_.store(n, std::memory_order_relaxed);
  }

  /// From any thread.
  std::uint64_t get() const noexcept {
    return value_.load(std::memory_order_relaxed);
  }

private:
  std::atomic<std::uint64_t> value_ = 0;
};

} // namespace flamigo::detail
