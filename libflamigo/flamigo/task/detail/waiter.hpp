#pragma once

#include <utility>

#include <caf/error.hpp>

#include "flamigo/task/detail/task_promise.hpp"

namespace flamigo::detail {

/// What a task waits for that is no other task. A part of the task's frame: it
/// goes when the frame does, at any time.
class waiter {
public:
  waiter() = default;

  /// Not while a task waits for it.
  waiter(waiter&& other) noexcept : error_(std::move(other.error_)) {
  }

  waiter& operator=(const waiter&) = delete;

  virtual ~waiter();

  /// Goes on with this error instead of what it waits for.
  void stop(const caf::error& why) noexcept;

protected:
  /// Has `who` wait; false, with an error, if it cannot wait or must not.
  bool wait(task_promise_base& who) noexcept;

  /// Goes on with the task, if it waits. This may be gone then.
  void wake() noexcept;

  /// Waits for nothing any more: takes back what was entered elsewhere.
  virtual void withdraw() noexcept = 0;

  bool is_waiting() const noexcept {
    return who_ != nullptr;
  }

  root_task& root() const noexcept {
    return *who_->root;
  }

  void fail(caf::error why) noexcept {
    error_ = std::move(why);
  }

  caf::error& error() noexcept {
    return error_;
  }

private:
  /// Out of what waits in the task.
  void unlink() noexcept;

  task_promise_base* who_ = nullptr;
  waiter* next_ = nullptr;
  waiter* before_ = nullptr;
  caf::error error_;
};

} // namespace flamigo::detail
