#pragma once

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <string>

namespace flamigo::detail {

/// Stands between what is filled before the program serves and the threads that
/// look into it meanwhile: under a mutex until it is closed. From then on
/// nobody changes it any more, and reading takes no lock.
class seal {
public:
  seal() = default;

  seal(const seal&) = delete;

  seal& operator=(const seal&) = delete;

  void close() {
    std::lock_guard guard{mtx_};
    closed_.store(true, std::memory_order_release);
  }

  /// Calls `f` while nobody else reads or changes. Throws std::logic_error once
  /// it is closed: `what` names who changes, and `instead` says what to do.
  template <class F>
  decltype(auto) change(const std::string& what, const char* instead, F f) {
    std::lock_guard guard{mtx_};
    if (closed_.load(std::memory_order_relaxed))
      throw std::logic_error{what + ": the program serves already, " + instead
                             + " before start() or run()"};
    return f();
  }

  /// Calls `f` while nobody changes.
  template <class F>
  decltype(auto) read(F f) const {
    if (closed_.load(std::memory_order_acquire))
      return f();
    std::lock_guard guard{mtx_};
    return f();
  }

private:
  std::atomic<bool> closed_ = false;
  mutable std::mutex mtx_;
};

} // namespace flamigo::detail
