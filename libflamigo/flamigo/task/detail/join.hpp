#pragma once

#include <cstddef>
#include <utility>

#include "flamigo/task/task.hpp"

namespace flamigo::detail {

/// What a task that awaits several others shares with them.
struct join {
  /// The one that waits.
  task_promise_base* who = nullptr;
  std::size_t left = 0;

  /// One of them has ended.
  static task_promise_base* one_ended(void* of) noexcept {
    auto& self = *static_cast<join*>(of);
    return --self.left == 0 ? self.who : nullptr;
  }
};

/// What an awaitable results in.
template <class T>
struct result_of_expected;

template <class T>
struct result_of_expected<caf::expected<T>> {
  using type = T;
};

template <class Awaitable>
using awaited_t = typename result_of_expected<
  decltype(std::declval<Awaitable&>().await_resume())>::type;

/// An awaitable as a task.
template <class Awaitable>
task<awaited_t<Awaitable>> as_task(Awaitable what) {
  co_return co_await what;
}

template <class T>
task<T> as_task(task<T> what) noexcept {
  return what;
}

} // namespace flamigo::detail
