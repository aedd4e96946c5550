#pragma once

#include <type_traits>
#include <utility>

#include "flamigo/task/awaitable.hpp"

namespace flamigo::detail {

/// Whether an expression with co_await may have a temporary that is written
/// with braces, or a lambda, and owns something. g++ 12.2 destroys twice what
/// such a one owns.
#if defined(__clang__) || __GNUC__ >= 15
inline constexpr bool braces_are_safe = true;
#else
inline constexpr bool braces_are_safe = false;
#endif

template <class T>
concept has_call_operator = requires {
  &T::operator();
};

/// Whether an argument of the deduced type T may be such a temporary.
template <class T>
inline constexpr bool is_risky
  = !braces_are_safe
    && std::is_class_v<
      T> && !std::is_trivially_destructible_v<T> && (std::is_aggregate_v<T> || has_call_operator<T>);

/// An awaitable that was made with such a temporary: it has to have a name
/// before it is awaited.
template <class Awaitable>
class [[nodiscard]] unnamed : public Awaitable {
public:
  using Awaitable::Awaitable;
  using Awaitable::or_throw;

  unnamed(Awaitable&& what) noexcept(
    std::is_nothrow_move_constructible_v<Awaitable>)
    : Awaitable(std::move(what)) {
  }

  throwing<unnamed> or_throw() && {
    return throwing<unnamed>{std::move(*this)};
  }
};

template <class T>
struct needs_name : std::false_type {};

template <class Awaitable>
struct needs_name<unnamed<Awaitable>> : std::true_type {};

template <class Awaitable>
struct needs_name<throwing<Awaitable>> : needs_name<Awaitable> {};

/// The awaitable that is made with arguments of these deduced types.
template <class Awaitable, class... Ts>
using made_with
  = std::conditional_t<(is_risky<Ts> || ...), unnamed<Awaitable>, Awaitable>;

/// The same of one that is made of others.
template <class Awaitable, class... Parts>
using made_of = std::conditional_t<(needs_name<Parts>::value || ...),
                                   unnamed<Awaitable>, Awaitable>;

} // namespace flamigo::detail
