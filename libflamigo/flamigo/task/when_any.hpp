#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include <caf/expected.hpp>

#include "flamigo/task/detail/join.hpp"
#include "flamigo/task/detail/unnamed.hpp"

namespace flamigo {

/// Several awaitables, the first of which a task awaits; made by `when_any`.
template <class... Ts>
class [[nodiscard]] raced : public detail::awaitable_tag {
  static_assert(sizeof...(Ts) > 0, "when_any waits for one of several, and was "
                                   "given none");

public:
  /// Made by `when_any`.
  explicit raced(task<Ts>... parts) noexcept : parts_(std::move(parts)...) {
  }

  /// @private
  bool await_ready() const noexcept {
    return false;
  }

  /// @private
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> who) noexcept {
    is_second_ = who_ != nullptr && !winner_;
    if (is_second_)
      return false;
    who_ = &who.promise();
    return !begin(std::index_sequence_for<Ts...>{});
  }

  /// @private
  std::variant<caf::expected<Ts>...> await_resume() {
    if (std::exchange(is_second_, false))
      return std::variant<caf::expected<Ts>...>{
        std::in_place_index<0>,
        internal_error("two wait for one when_any at the same time")};
    auto result = take(std::index_sequence_for<Ts...>{});
    // Nobody waits for the others any more.
    parts_ = {};
    return std::move(*result);
  }

private:
  using outcome_type = std::optional<std::variant<caf::expected<Ts>...>>;

  struct entry {
    raced* all = nullptr;
    std::size_t index = 0;
  };

  static detail::task_promise_base* one_ended(void* of) noexcept {
    auto [all, index] = *static_cast<entry*>(of);
    if (all->winner_)
      return nullptr;
    all->winner_ = index;
    return all->who_;
  }

  /// Whether one has ended at once; those behind it do not begin.
  template <std::size_t... Is>
  bool begin(std::index_sequence<Is...>) noexcept {
    return (begin_one<Is>() || ...);
  }

  template <std::size_t I>
  bool begin_one() noexcept {
    auto& part = std::get<I>(parts_);
    entries_[I] = {this, I};
    if (part && !part.promise().begin(*who_->root, one_ended, &entries_[I]))
      return false;
    winner_ = I;
    return true;
  }

  template <std::size_t... Is>
  outcome_type take(std::index_sequence<Is...>) {
    outcome_type what;
    ((winner_ == Is ? (void) what.emplace(std::in_place_index<Is>,
                                          std::get<Is>(parts_).await_resume())
                    : (void) 0),
     ...);
    return what;
  }

  std::tuple<task<Ts>...> parts_;
  std::array<entry, sizeof...(Ts)> entries_;
  std::optional<std::size_t> winner_;
  detail::task_promise_base* who_ = nullptr;
  bool is_second_ = false;
};

/// Awaits the first of them to end, whether with a value or an error:
///
///   auto first = co_await flamigo::when_any(
///     flamigo::request<int>(ctx, near, 5s, item), flamigo::sleep(ctx, 50ms));
///   if (first.index() == 0)
///     use(std::get<0>(first));
///
/// gives a `std::variant` of their `caf::expected`. The frames of the other
/// tasks are destroyed where they wait; what they have asked for goes on, and
/// its answer is dropped. It takes them over, as `when_all` does.
template <class... Awaitables>
raced<detail::awaited_t<std::decay_t<Awaitables>>...>
when_any(Awaitables&&... what) {
  using result = raced<detail::awaited_t<std::decay_t<Awaitables>>...>;
  constexpr bool takes_over = (!std::is_lvalue_reference_v<Awaitables> && ...);
  static_assert(takes_over, "when_any takes over what it waits for: hand over "
                            "what has a name, when_any(std::move(call), ...)");
  static_assert((!detail::needs_name<Awaitables>::value && ...),
                "g++ destroys twice what a temporary owns that is written with "
                "braces, or is a lambda, in an expression with co_await: give "
                "it a name before when_any");
  if constexpr (takes_over)
    return result{detail::as_task(std::move(what))...};
  else
    return result{task<detail::awaited_t<std::decay_t<Awaitables>>>{}...};
}

} // namespace flamigo
