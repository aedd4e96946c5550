#pragma once

#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <caf/expected.hpp>
#include <caf/unit.hpp>

#include "flamigo/error/thrown_error.hpp"
#include "flamigo/task/detail/awaitable_tag.hpp"
#include "flamigo/task/detail/coroutine.hpp"

namespace flamigo {

/// An awaitable whose error is thrown; made by `or_throw`.
template <class Awaitable>
class [[nodiscard]] throwing : public detail::awaitable_tag {
public:
  /// Made by `or_throw`.
  explicit throwing(Awaitable&& inner)
    : inner_(std::forward<Awaitable>(inner)) {
  }

  /// @private
  bool await_ready() {
    return inner_.await_ready();
  }

  /// @private
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> who) {
    return inner_.await_suspend(who);
  }

  /// @private
  auto await_resume() {
    return unwrap(inner_.await_resume());
  }

private:
  template <class T>
  static T unwrap(caf::expected<T> what) {
    if (!what)
      throw thrown_error{std::move(what.error())};
    if constexpr (!std::is_void_v<T>)
      return std::move(*what);
  }

  template <class... Ts>
  static auto unwrap(std::tuple<caf::expected<Ts>...> all) {
    return std::apply(
      [](auto&... each) { return std::tuple{value_of(each)...}; }, all);
  }

  template <class T>
  static auto unwrap(std::vector<caf::expected<T>> all) {
    std::vector<decltype(value_of(all.front()))> result;
    result.reserve(all.size());
    for (auto& each : all)
      result.push_back(value_of(each));
    return result;
  }

  /// Of nothing too there is a value.
  template <class T>
  static auto value_of(caf::expected<T>& what) {
    if (!what)
      throw thrown_error{std::move(what.error())};
    if constexpr (std::is_void_v<T>)
      return caf::unit;
    else
      return std::move(*what);
  }

  Awaitable inner_;
};

/// What a task can await. `co_await x` gives a `caf::expected` of its result,
/// `co_await x.or_throw()` the result itself.
template <class Derived>
class awaitable : public detail::awaitable_tag {
public:
  /// The same, with the result instead of a `caf::expected`: an error is thrown
  /// as a `thrown_error`. One that leaves the handler is what the handler
  /// answers with.
  throwing<Derived> or_throw() && {
    return throwing<Derived>{static_cast<Derived&&>(*this)};
  }

  /// The same of one that has a name.
  throwing<Derived&> or_throw() & {
    return throwing<Derived&>{static_cast<Derived&>(*this)};
  }
};

} // namespace flamigo
