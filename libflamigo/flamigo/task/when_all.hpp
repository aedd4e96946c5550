#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <caf/expected.hpp>
#include <caf/unit.hpp>

#include "flamigo/task/detail/join.hpp"
#include "flamigo/task/detail/unnamed.hpp"

namespace flamigo {

/// Several awaitables, all of which a task awaits; made by `when_all`.
template <class... Ts>
class [[nodiscard]] joined : public awaitable<joined<Ts...>> {
public:
  /// Made by `when_all`.
  explicit joined(task<Ts>... parts) noexcept : parts_(std::move(parts)...) {
  }

  /// @private
  bool await_ready() const noexcept {
    return sizeof...(Ts) == 0;
  }

  /// @private
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> who) noexcept {
    // Somebody else waits, whose parts these are.
    if (join_.left > 0)
      return false;
    detail::task_promise_base& waiting = who.promise();
    join_ = {&waiting, sizeof...(Ts)};
    std::apply(
      [&](auto&... part) {
        ((join_.left -= !part
                        || part.promise().begin(
                          *waiting.root, detail::join::one_ended, &join_)),
         ...);
      },
      parts_);
    return join_.left > 0;
  }

  /// @private
  std::tuple<caf::expected<Ts>...> await_resume() {
    return std::apply(
      [](auto&... part) {
        return std::tuple<caf::expected<Ts>...>{part.await_resume()...};
      },
      parts_);
  }

private:
  std::tuple<task<Ts>...> parts_;
  detail::join join_;
};

/// Any number of awaitables of one kind; made by `when_all`.
template <class T>
class [[nodiscard]] joined_list : public awaitable<joined_list<T>> {
public:
  /// Made by `when_all`.
  explicit joined_list(std::vector<task<T>> parts) noexcept
    : parts_(std::move(parts)) {
  }

  /// @private
  bool await_ready() const noexcept {
    return parts_.empty();
  }

  /// @private
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> who) noexcept {
    if (join_.left > 0)
      return false;
    detail::task_promise_base& waiting = who.promise();
    join_ = {&waiting, parts_.size()};
    for (auto& part : parts_)
      if (!part
          || part.promise().begin(*waiting.root, detail::join::one_ended,
                                  &join_))
        --join_.left;
    return join_.left > 0;
  }

  /// @private
  std::vector<caf::expected<T>> await_resume() {
    std::vector<caf::expected<T>> result;
    result.reserve(parts_.size());
    for (auto& part : parts_)
      result.push_back(part.await_resume());
    return result;
  }

private:
  std::vector<task<T>> parts_;
  detail::join join_;
};

/// Awaits all of them at the same time, each as if it were awaited alone:
///
///   auto [left, price] = co_await flamigo::when_all(
///     ctx.call_strategy<int>("app::stock:count", item),
///     flamigo::request<int>(ctx, bank, 2s, item));
///
/// gives a `caf::expected` of each. With `or_throw` it gives their values (a
/// `caf::unit_t` for none) or throws the first error, when all have ended.
/// It takes them over: what has a name is handed over by `std::move`.
template <class... Awaitables>
detail::made_of<joined<detail::awaited_t<std::decay_t<Awaitables>>...>,
                std::decay_t<Awaitables>...>
when_all(Awaitables&&... what) {
  using result
    = detail::made_of<joined<detail::awaited_t<std::decay_t<Awaitables>>...>,
                      std::decay_t<Awaitables>...>;
  constexpr bool takes_over = (!std::is_lvalue_reference_v<Awaitables> && ...);
  static_assert(takes_over, "when_all takes over what it waits for: hand over "
                            "what has a name, when_all(std::move(call), ...)");
  if constexpr (takes_over)
    return result{detail::as_task(std::move(what))...};
  else
    return result{task<detail::awaited_t<std::decay_t<Awaitables>>>{}...};
}

/// The same of a list.
template <class Awaitable>
joined_list<detail::awaited_t<Awaitable>>
when_all(std::vector<Awaitable>&& what) {
  std::vector<task<detail::awaited_t<Awaitable>>> parts;
  parts.reserve(what.size());
  for (auto& x : what)
    parts.push_back(detail::as_task(std::move(x)));
  return joined_list<detail::awaited_t<Awaitable>>{std::move(parts)};
}

/// @private
template <class Awaitable>
joined_list<detail::awaited_t<Awaitable>> when_all(std::vector<Awaitable>&) {
  static_assert(sizeof(Awaitable) == 0,
                "when_all takes over the list of what it waits for: "
                "when_all(std::move(calls))");
  return joined_list<detail::awaited_t<Awaitable>>{{}};
}

} // namespace flamigo
