#pragma once

#include <array>
#include <concepts>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "flamigo/described/described.hpp"
#include "flamigo/json/bytes.hpp"
#include "flamigo/json/detail/codec_keyed_map.hpp"
#include "flamigo/json/detail/codec_optional.hpp"
#include "flamigo/json/detail/codec_pointer.hpp"
#include "flamigo/json/detail/codec_strong.hpp"
#include "flamigo/json/detail/codec_variant.hpp"
#include "flamigo/json/detail/default_member.hpp"
#include "flamigo/json/detail/token.hpp"

/// Where the JSON of a type has bytes: for what can send them as they are.
namespace flamigo::detail {

using token_list = std::vector<const json_token*>;

/// Appends the values in the JSON of some type that are bytes there, texts in
/// base64. What does not look as the type says is passed over.
using bytes_finder = void (*)(const json_token& value, token_list& out);

/// The value of an object's first member of this name, or null.
const json_token* find_member(const json_token& object, std::string_view name);

/// Appends a value if it is a text.
void find_text(const json_token& value, token_list& out);

/// Searches all elements of an array, or all values of an object.
void find_in_all(const json_token& value, bytes_finder where, token_list& out);

/// Whether a type may hold bytes, and what finds them. `Outer` are the structs
/// that it is searched in, since a struct may hold itself.
template <class T, class... Outer>
struct bytes_within {
  static constexpr bool any = false;
};

template <class... Outer>
struct bytes_within<bytes, Outer...> {
  static constexpr bool any = true;

  static void find(const json_token& value, token_list& out) {
    find_text(value, out);
  }
};

template <class T, class... Outer>
  requires is_optional<T>
struct bytes_within<T, Outer...>
  : bytes_within<std::remove_cvref_t<decltype(*std::declval<T&>())>, Outer...> {
};

template <strong_typedef T, class... Outer>
struct bytes_within<T, Outer...> : bytes_within<wrapped_type<T>, Outer...> {};

/// All elements alike.
template <class T, class... Outer>
struct bytes_within_each {
  static constexpr bool any = bytes_within<T, Outer...>::any;

  static void find(const json_token& value, token_list& out) {
    find_in_all(value, bytes_within<T>::find, out);
  }
};

template <class T, class A, class... Outer>
struct bytes_within<std::vector<T, A>, Outer...>
  : bytes_within_each<T, Outer...> {};

template <class T, std::size_t N, class... Outer>
struct bytes_within<std::array<T, N>, Outer...>
  : bytes_within_each<T, Outer...> {};

template <class T, class... Outer>
  requires is_map<T>
struct bytes_within<T, Outer...>
  : bytes_within_each<typename T::mapped_type, Outer...> {
};

template <class T, class U, class... Outer>
struct bytes_within<std::pair<T, U>, Outer...> {
  static constexpr bool any = bytes_within<T, Outer...>::any
                              || bytes_within<U, Outer...>::any;

  static void find(const json_token& value, token_list& out) {
    if (value.kind != json_kind::array || value.count != 2)
      return;
    auto& first = *(&value + 1);
    if constexpr (bytes_within<T>::any)
      bytes_within<T>::find(first, out);
    if constexpr (bytes_within<U>::any)
      bytes_within<U>::find(*first.next(), out);
  }
};

/// Where the tag says so.
template <class... Ts, class... Outer>
struct bytes_within<std::variant<Ts...>, Outer...> {
  static constexpr bool any = (bytes_within<Ts, Outer...>::any || ...);

  static void find(const json_token& value, token_list& out) {
    auto* tag = find_member(value, variant_tag);
    if (tag != nullptr)
      (find_in<Ts>(value, *tag, out), ...);
  }

private:
  template <class T>
  static void
  find_in(const json_token& value, const json_token& tag, token_list& out) {
    constexpr auto name = short_name_view<T>();
    if constexpr (bytes_within<T>::any)
      if (tag.kind == json_kind::string && place_of_name(tag, &name, 1) == 0)
        bytes_within<T>::find(value, out);
  }
};

template <described_struct T, class... Outer>
struct bytes_within<T, Outer...> {
private:
  template <template <class...> class List, class... D>
  static consteval bool any_of(List<D...>) {
    if constexpr ((std::same_as<T, Outer> || ...))
      return false;
    else
      return (bytes_within<member_type<T, D>, T, Outer...>::any || ...);
  }

  template <class D>
  static void find_member_of(const json_token& value, token_list& out) {
    using member = bytes_within<member_type<T, D>>;
    if constexpr (member::any)
      if (auto* found = find_member(value, D::name))
        member::find(*found, out);
  }

  template <template <class...> class List, class... D>
  static void find_all(const json_token& value, token_list& out, List<D...>) {
    (find_member_of<D>(value, out), ...);
  }

public:
  static constexpr bool any = any_of(described_members<T>{});

  static void find(const json_token& value, token_list& out) {
    if (value.kind == json_kind::object)
      find_all(value, out, described_members<T>{});
  }
};

/// What finds the bytes in the JSON of a type; null if there are none.
template <class T>
constexpr bytes_finder finder_of() noexcept {
  if constexpr (bytes_within<T>::any)
    return bytes_within<T>::find;
  else
    return nullptr;
}

} // namespace flamigo::detail
