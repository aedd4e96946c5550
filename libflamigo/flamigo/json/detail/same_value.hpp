#pragma once

#include <algorithm>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "flamigo/described/described.hpp"
#include "flamigo/json/detail/codec_optional.hpp"
#include "flamigo/json/raw_json.hpp"

namespace flamigo::detail {

template <class T>
inline constexpr bool is_pair = false;

template <class T, class U>
inline constexpr bool is_pair<std::pair<T, U>> = true;

template <class T>
inline constexpr bool is_variant = false;

template <class... Ts>
inline constexpr bool is_variant<std::variant<Ts...>> = true;

/// Whether two values that JSON can express are the same. Described structs
/// need no operator for it.
template <class T>
constexpr bool same_value(const T& x, const T& y) {
  if constexpr (described_struct<T>) {
    return [&]<template <class...> class L, class... D>(L<D...>) {
      return (same_value(x.*D::pointer, y.*D::pointer) && ...);
    }(described_members<T>{});
  } else if constexpr (is_optional<T>) {
    return static_cast<bool>(x) == static_cast<bool>(y)
           && (!x || same_value(*x, *y));
  } else if constexpr (is_variant<T>) {
    return std::visit(
      [](const auto& a, const auto& b) {
        if constexpr (std::is_same_v<decltype(a), decltype(b)>)
          return same_value(a, b);
        else
          return false;
      },
      x, y);
  } else if constexpr (is_pair<T>) {
    return same_value(x.first, y.first) && same_value(x.second, y.second);
  } else if constexpr (!std::is_same_v<T, std::string> && requires {
                         x.begin();
                       }) {
    return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                      [](const auto& a, const auto& b) {
                        return same_value(a, b);
                      });
  } else if constexpr (requires { x == y; }) {
    return x == y;
  } else {
    // JSON cannot express it, which its codec says in a sentence.
    return true;
  }
}

} // namespace flamigo::detail
