#pragma once

#include <caf/expected.hpp>
#include <caf/timespan.hpp>

#include "flamigo/context/context.hpp"
#include "flamigo/task/awaitable.hpp"
#include "flamigo/task/detail/timer.hpp"
#include "flamigo/task/detail/waiter.hpp"

namespace flamigo {

/// A pause of a task; made by `sleep`.
class [[nodiscard]] pause : public awaitable<pause>,
                            private detail::waiter,
                            private detail::timer {
public:
  /// Made by `sleep`.
  explicit pause(caf::timespan length) noexcept : length_(length) {
  }

  /// Not while a task waits for it.
  pause(pause&& other) noexcept : length_(other.length_) {
  }

  ~pause() override;

  /// @private
  bool await_ready() const noexcept {
    return false;
  }

  /// @private
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> who) noexcept {
    return begin(who.promise());
  }

  /// @private
  caf::expected<void> await_resume() noexcept;

private:
  bool begin(detail::task_promise_base& who) noexcept;

  void is_due() noexcept override;

  void withdraw() noexcept override;

  caf::timespan length_;
  detail::running_tasks* ground_ = nullptr;
};

/// Waits without holding up anything: `co_await flamigo::sleep(ctx, 100ms)`.
/// The time begins when it is awaited, on the clock of the actor system, which
/// tests move. Fails with `errc::timeout` when the deadline of the call comes
/// first.
inline pause sleep(const context&, caf::timespan how_long) noexcept {
  return pause{how_long};
}

} // namespace flamigo
