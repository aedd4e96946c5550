#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "flamigo/described/described.hpp"
#include "flamigo/json/json.hpp"

namespace flamigo::detail {

/// What a text is to become that stands for a member of an input, as one of a
/// path or a query does.
enum class text_kind : std::uint8_t {
  /// There is no such member, or it is of no such type.
  other,
  text,
  number,
  boolean,
};

/// The same, and whether there may be several.
struct member_kind {
  text_kind each = text_kind::other;
  bool is_list = false;

  friend bool operator==(const member_kind&, const member_kind&) = default;
};

/// Says what the member of that name is. One for each type of input.
using kind_finder = member_kind (*)(std::string_view name);

template <class T>
struct kind_of_type {
  static constexpr member_kind value{
    std::is_same_v<T, bool>   ? text_kind::boolean
    : std::is_arithmetic_v<T> ? text_kind::number
    : std::is_same_v<
        T, std::string> || std::is_same_v<T, bytes> || described_enum<T>
      ? text_kind::text
      : text_kind::other};
};

template <class T>
struct kind_of_type<std::optional<T>> : kind_of_type<T> {};

template <class T>
struct kind_of_type<std::vector<T>> {
  static constexpr member_kind value{kind_of_type<T>::value.each, true};
};

template <class T>
  requires is_set<T>
struct kind_of_type<T> : kind_of_type<std::vector<typename T::value_type>> {
};

template <strong_typedef T>
struct kind_of_type<T> : kind_of_type<wrapped_type<T>> {};

template <class D>
struct kind_of_type<std::chrono::time_point<std::chrono::system_clock, D>> {
  static constexpr member_kind value{text_kind::text};
};

template <class Rep, class Period>
struct kind_of_type<std::chrono::duration<Rep, Period>> {
  static constexpr member_kind value{text_kind::number};
};

template <class T>
member_kind kind_of_member([[maybe_unused]] std::string_view name) {
  member_kind result;
  [&]<template <class...> class L, class... D>(L<D...>) {
    (void) ((name == D::name
             && (result = kind_of_type<member_type<T, D>>::value, true))
            || ...);
  }(described_members<T>{});
  return result;
}

/// Null for what has no members.
template <class T>
constexpr kind_finder kinds_of() noexcept {
  if constexpr (described_struct<T>)
    return kind_of_member<T>;
  else
    return nullptr;
}

} // namespace flamigo::detail
