#pragma once

#include <utility>

#include <caf/expected.hpp>

#include "flamigo/task/awaitable.hpp"
#include "flamigo/task/detail/task_promise.hpp"

namespace flamigo {

/// What a coroutine returns: a handler that awaits, or a function that such a
/// handler awaits.
///
///   [](flamigo::context ctx, order in) -> flamigo::task<receipt> {
///     auto left = co_await ctx.call_strategy<int>("app::stock:take",
///     in.count); if (!left)
///       co_return flamigo::wrap(left.error(), "taking from stock");
///     co_return receipt{*left};
///   }
///
/// It begins when it is awaited, or returned by a handler, and is resumed in
/// the actor of that handler only, one at a time with the actor's messages. It
/// ends with a `T`, a `caf::error` or a `caf::expected<T>`, a `task<void>` with
/// `flamigo::ok` or an error. An exception that leaves it is an error,
/// `errc::internal`, as of any handler.
///
/// Its frame is destroyed, wherever it waits, when its actor ends: what it has
/// on its stack is destroyed in that actor, before the state of a domain.
template <class T>
class task : public awaitable<task<T>> {
public:
  static_assert(std::is_void_v<T> || std::is_nothrow_destructible_v<T>,
                "the result of this task may throw when it is destroyed, which "
                "would end the program: make its destructor noexcept");

  /// What the compiler asks for.
  using promise_type = detail::task_promise<T>;

  /// None: what was moved from, or awaited.
  task() noexcept = default;

  /// Made by a coroutine.
  explicit task(promise_type& promise) noexcept : promise_(&promise) {
  }

  /// Leaves none behind.
  task(task&& other) noexcept : promise_(std::exchange(other.promise_, {})) {
  }

  /// Destroys the one that was here.
  task& operator=(task other) noexcept {
    std::swap(promise_, other.promise_);
    return *this;
  }

  /// One that was not awaited has not begun, and never will.
  ~task() {
    if (promise_ != nullptr)
      promise_->destroy();
  }

  /// Whether there is one.
  explicit operator bool() const noexcept {
    return promise_ != nullptr;
  }

  /// @private
  promise_type& promise() const noexcept {
    return *promise_;
  }

  /// Leaves the frame to its actor.
  ///
  /// @private
  void release() noexcept {
    promise_ = nullptr;
  }

  // -- awaiting ---------------------------------------------------------------

  /// @private
  bool await_ready() const noexcept {
    return promise_ == nullptr;
  }

  /// @private
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> who) noexcept {
    detail::task_promise_base& waiting = who.promise();
    return !promise_->begin(
      *waiting.root,
      [](void* next) noexcept {
        return static_cast<detail::task_promise_base*>(next);
      },
      &waiting);
  }

  /// @private
  caf::expected<T> await_resume() {
    if (promise_ == nullptr)
      return internal_error("a task was awaited twice, or moved elsewhere");
    if (!promise_->rests())
      return internal_error("two wait for one task at the same time");
    auto what = std::exchange(*this, task{});
    return what.promise_->result();
  }

private:
  promise_type* promise_ = nullptr;
};

} // namespace flamigo
