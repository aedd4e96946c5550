#pragma once

#include <string_view>

#include <caf/error.hpp>

#include "flamigo/task/detail/waiter.hpp"

namespace flamigo::detail {

class root_task;

/// Where the items of a stream go, of which there is one; in the actor that
/// runs the stream.
class item_sink {
public:
  virtual ~item_sink();

  /// Takes an item. False if there is no room for it: nothing was taken, and
  /// `has_room` is called when it is to be tried again.
  virtual bool put(std::string_view json) = 0;

  /// The stream has no other item for now: what was held back goes.
  virtual void flush();

  /// The actor has the stream from now on, which may be stopped.
  virtual void kept(root_task& by) noexcept;

  /// The stream has ended after it was kept, with an error or with none.
  /// Answers the call that it was begun for by default.
  virtual void end(root_task& by, caf::error why);

  /// Goes on with the stream, if it waits for room.
  void has_room() noexcept;

private:
  friend class room_waiter;

  class room_waiter* waiting_ = nullptr;
};

/// Waits until a sink has room again. That time is not the stream's.
class room_waiter : public awaitable_tag, private waiter {
public:
  explicit room_waiter(item_sink& to) noexcept : to_(to) {
  }

  ~room_waiter() override;

  bool await_ready() const noexcept {
    return false;
  }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> who) noexcept {
    return begin(who.promise());
  }

  /// An error if it is not to go on.
  caf::error await_resume() noexcept {
    return std::move(error());
  }

private:
  friend class item_sink;

  bool begin(task_promise_base& who) noexcept;

  void withdraw() noexcept override;

  item_sink& to_;
};

} // namespace flamigo::detail
