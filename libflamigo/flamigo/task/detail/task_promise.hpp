#pragma once

#include <concepts>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/task/detail/awaitable_tag.hpp"
#include "flamigo/task/detail/coroutine.hpp"
#include "flamigo/task/detail/frame_pool.hpp"
#include "flamigo/task/detail/root_task.hpp"
#include "flamigo/task/detail/unnamed.hpp"
#include "flamigo/task/ok.hpp"

namespace flamigo {

template <class T>
class [[nodiscard("a task that is not awaited never runs")]] task;

} // namespace flamigo

namespace flamigo::detail {

/// Awaits what lies elsewhere in the frame. Of our own, since g++ 12 copies an
/// awaitable that has a name, and because it has nothing to destroy.
template <class T>
struct awaiting {
  bool await_ready() {
    return what.await_ready();
  }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> who) {
    return what.await_suspend(who);
  }

  decltype(auto) await_resume() {
    return what.await_resume();
  }

  T& what;
};

/// What the frames of all tasks have in common.
class task_promise_base {
public:
  /// What goes on when a task has ended; null if nothing does.
  using next_function = task_promise_base* (*) (void*) noexcept;

  task_promise_base(const task_promise_base&) = delete;

  task_promise_base& operator=(const task_promise_base&) = delete;

  // -- what the compiler asks for ---------------------------------------------

  static void* operator new(std::size_t bytes) {
    return frame_pool::allocate(bytes);
  }

  static void operator delete(void* what, std::size_t bytes) noexcept {
    frame_pool::release(what, bytes);
  }

  std::suspend_always initial_suspend() const noexcept {
    return {};
  }

  std::suspend_always final_suspend() noexcept {
    rests_ = true;
    return {};
  }

  void unhandled_exception() noexcept;

  template <class T>
  auto await_transform(T&& what) const noexcept {
    constexpr bool known
      = std::is_base_of_v<awaitable_tag, std::remove_reference_t<T>>;
    static_assert(known,
                  "a task awaits what Flamigo can resume in its actor: a task, "
                  "call_strategy, request, sleep, blocking, when_all, "
                  "when_any; make anything else one by flamigo::callback");
    static_assert(std::is_reference_v<T> || !needs_name<T>::value,
                  "g++ destroys twice what a temporary owns that is written "
                  "with braces, or is a lambda, in an expression with "
                  "co_await: give what is awaited a name, auto call = ...; "
                  "co_await call");
    if constexpr (known)
      return awaiting<std::remove_reference_t<T>>{what};
    else
      return std::suspend_never{};
  }

  // -- running ----------------------------------------------------------------

  /// Runs it until it waits or rests; returns what goes on when it rests.
  task_promise_base* run() noexcept {
    self_.resume();
    return rests_ && next_ != nullptr ? next_(who_) : nullptr;
  }

  /// Runs it for the first time, or on from where it rests; whether it rests,
  /// which is the end of a task. Whoever asks goes on by himself then, as he
  /// does if somebody else waits for it.
  bool begin(root_task& of, next_function next, void* who) noexcept {
    if (root != nullptr && !rests_)
      return true;
    root = &of;
    rests_ = false;
    self_.resume();
    if (rests_)
      return true;
    expect(next, who);
    return false;
  }

  /// The same for what nobody awaits; `own_root` is there then.
  bool begin_as_root(caf::event_based_actor* self,
                     root_task::time_point deadline) noexcept {
    return begin(*new (&root_) root_task(*this, self, deadline), nullptr,
                 nullptr);
  }

  root_task& own_root() noexcept {
    return root_;
  }

  /// Has the actor keep the frame of a root that waits, and is not orphaned.
  void keep(root_task::finish_function finish) noexcept;

  void destroy() noexcept {
    self_.destroy();
  }

  /// Whether it has ended, or has given something that it has.
  bool rests() const noexcept {
    return rests_;
  }

  /// The task that waits belongs to this one.
  root_task* root = nullptr;

protected:
  explicit task_promise_base(std::coroutine_handle<> self) noexcept
    : self_(self) {
  }

  ~task_promise_base() {
    if (root == &root_)
      root_.~root_task();
  }

  /// Says what goes on when it rests.
  void expect(next_function next, void* who) noexcept {
    next_ = next;
    who_ = who;
  }

  /// The same that was said last.
  std::pair<next_function, void*> expected() const noexcept {
    return {next_, who_};
  }

  /// It suspends itself, and nothing that it waits for goes on with it.
  void rest() noexcept {
    rests_ = true;
  }

  /// What it has ended with instead of a value.
  caf::error error_;

private:
  std::coroutine_handle<> self_;
  next_function next_ = nullptr;
  void* who_ = nullptr;
  bool rests_ = false;
  union {
    root_task root_;
  };
};

template <class T>
struct is_expected : std::false_type {};

template <class T>
struct is_expected<caf::expected<T>> : std::true_type {};

/// The frame of a task with a result.
template <class T>
class task_promise final : public task_promise_base {
public:
  static constexpr bool has_value = !std::is_void_v<T>;

  task_promise() noexcept
    : task_promise_base(
      std::coroutine_handle<task_promise>::from_promise(*this)) {
  }

  task<T> get_return_object() noexcept {
    return task<T>{*this};
  }

  template <class U = T>
  void return_value(U&& what) {
    using type = std::remove_cvref_t<U>;
    if constexpr (is_expected<type>::value) {
      if (!what)
        fail(what.error());
      else if constexpr (has_value)
        value_.emplace(*std::forward<U>(what));
      else
        value_.emplace();
    } else if constexpr (std::is_convertible_v<U, stored>) {
      value_.emplace(std::forward<U>(what));
    } else if constexpr (std::is_convertible_v<U, caf::error>) {
      end(std::forward<U>(what));
    } else {
      static_assert(!has_value || std::is_convertible_v<U, caf::error>,
                    "a task<T> ends with co_return and a T, a caf::error or a "
                    "caf::expected<T>");
      static_assert(has_value || std::is_convertible_v<U, caf::error>,
                    "a task<void> ends with co_return flamigo::ok or a "
                    "caf::error");
    }
  }

  /// What it has ended with. To be called once, when it has.
  caf::expected<T> result() {
    if (!value_)
      return error_ ? std::move(error_)
                    : internal_error("a coroutine has run off its end: it ends "
                                     "with co_return and its result, or "
                                     "flamigo::ok");
    if constexpr (has_value)
      return std::move(*value_);
    else
      return caf::unit;
  }

private:
  /// What is stored for a result that is none.
  using stored = std::conditional_t<has_value, T, ok_t>;

  void end(caf::error why) {
    // As of a handler that returns one: none is success, if there is no result.
    if (has_value || why)
      fail(std::move(why));
    else
      value_ = std::optional<stored>{std::in_place};
  }

  void fail(caf::error why) {
    error_ = why ? std::move(why)
                 : internal_error("a coroutine has returned an error that is "
                                  "none");
  }

  std::optional<stored> value_;
};

} // namespace flamigo::detail
