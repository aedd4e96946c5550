#pragma once

#include <caf/fwd.hpp>
#include <caf/message_id.hpp>

#include "flamigo/task/detail/response_table.hpp"
#include "flamigo/task/detail/timer.hpp"
#include "flamigo/task/detail/waiter.hpp"

namespace flamigo::detail {

/// Waits for one CAF response. It is entered when it is told which one, so that
/// the response may come before a task waits for it; whoever lets go of it does
/// not want it any more.
class response_waiter : public waiter, private response_hook, private timer {
public:
  response_waiter() = default;

  /// Not while a task waits for it.
  response_waiter(response_waiter&& other) noexcept;

  ~response_waiter() override;

  // -- awaiting ---------------------------------------------------------------

  /// @private
  bool await_ready() const noexcept {
    return !expects_;
  }

  /// @private
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> who) noexcept {
    return begin(who.promise());
  }

protected:
  /// Of an actor that is not one of ours the answer is not noticed. Throws
  /// std::bad_alloc.
  void expect(caf::event_based_actor& self, caf::message_id id);

  /// When it is not waited for any longer; before a task waits for it.
  void limit(time_point when) noexcept {
    limit_ = when;
  }

  void withdraw() noexcept override;

  /// Keeps what the response has.
  virtual void take(caf::mailbox_element& what) = 0;

  /// Its time is up. May be the end of this.
  void is_due() noexcept override;

private:
  bool begin(task_promise_base& who) noexcept;

  void is_answered(caf::mailbox_element& what) noexcept override;

  running_tasks* ground_ = nullptr;
  caf::message_id id_;
  time_point limit_ = time_point::max();
  bool expects_ = false;
};

/// What a response has, if it is an error.
caf::error error_in(const caf::mailbox_element& what);

} // namespace flamigo::detail
