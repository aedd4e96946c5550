#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>
#include <vector>

#include <caf/error.hpp>

namespace flamigo::detail {

/// Has those wait who ask for a history that is not there yet. Thread-safe.
class history_gate {
public:
  /// Told that it may go on, or why it may not.
  using visitor = std::function<void(caf::error why)>;

  /// More are refused.
  static constexpr std::size_t max_waiting = 65'536;

  /// Whether nobody has to wait. It may have changed by then.
  bool is_open() const noexcept {
    return now_.load(std::memory_order_acquire) == state::open;
  }

  /// Calls a function when the gate is open, or with the reason why it does not
  /// open: now or later, on any thread.
  void pass(visitor who);

  /// Who comes from now on waits.
  void close();

  /// Who waits and who comes is told why; until it is opened or closed.
  void refuse(caf::error why);

  void open();

private:
  enum class state {
    open,
    closed,
    refusing
  };

  /// Those who wait go.
  void change(state to, caf::error why);

  std::atomic<state> now_ = state::open;
  std::mutex mtx_;
  caf::error why_;
  std::vector<visitor> waiting_;
};

} // namespace flamigo::detail
