#pragma once

#include <string>
#include <type_traits>
#include <utility>

#include "flamigo/described/described.hpp"
#include "flamigo/json/detail/codec.hpp"
#include "flamigo/json/detail/codec_optional.hpp"
#include "flamigo/json/detail/member_key.hpp"
#include "flamigo/json/detail/same_value.hpp"

/// Whether a member has a default member initialiser (`int limit = 20;`), which
/// C++ does not tell. Of a scalar it is read off a constant expression: to read
/// a member that nothing has initialised is none (C++20, [expr.const]), so that
/// `= 0` and no initialiser are told apart. Of all else, and in a struct that
/// is not made in a constant expression (one with a std::map), the default is
/// what differs from an empty value or zero; a constructor that somebody has
/// written may leave out a scalar, which must not be looked at then.
namespace flamigo::detail {

/// A scalar member of a struct that was made without `{}`.
template <class T, class D>
constexpr auto initialised_member() {
  T x;
  return x.*D::pointer;
}

template <class T>
concept constant_made = requires {
  typename std::bool_constant<(T{}, true)>;
};

template <class T, class D>
concept constant_member = requires {
  typename std::bool_constant<(initialised_member<T, D>(), true)>;
};

template <class T, class D>
using member_type
  = std::remove_cvref_t<decltype(std::declval<T&>().*D::pointer)>;

/// Whether a member of a new struct differs from a value of its own.
template <class T, class D>
constexpr bool differs() {
  return !same_value(T{}.*D::pointer, member_type<T, D>{});
}

template <class T, class D>
concept constant_difference = requires {
  typename std::bool_constant<(differs<T, D>(), true)>;
};

/// Whether all scalars of a `T{}` have a value, which only a constructor can
/// leave out.
template <class T>
consteval bool is_filled() {
  if constexpr (!described_struct<T>)
    return true;
  else
    return std::is_aggregate_v<T> &&
           []<template <class...> class L, class... D, class... B>(L<D...>,
                                                                   L<B...>) {
             return (is_filled<member_type<T, D>>() && ...)
                    && (is_filled<typename B::type>() && ...);
           }(described_members<T>{}, boost::describe::describe_bases<
                                       T, boost::describe::mod_any_access>{});
}

/// Whether a member of this type may have no value, which must not be asked
/// for.
template <class T, class M>
consteval bool may_be_left_out() {
  return !is_filled<T>()
         && (std::is_trivially_default_constructible_v<
               M> || std::is_aggregate_v<M> || described_struct<M>);
}

enum class default_state {
  none,
  there,
  ask
};

/// What is known of a member's default when the struct is compiled.
template <class T, class D>
consteval default_state known_default() {
  using M = member_type<T, D>;
  auto known = [](bool there) {
    return there ? default_state::there : default_state::none;
  };
  if constexpr (std::is_trivially_default_constructible_v<T>)
    return known(false);
  else if constexpr (std::is_scalar_v<M> && constant_made<T>)
    return known(constant_member<T, D>);
  else if constexpr (constant_difference<T, D>)
    return known(differs<T, D>());
  else
    return may_be_left_out<T, M>() ? default_state::none : default_state::ask;
}

/// Whether a member has a default.
template <class T, class D>
bool has_default() {
  if constexpr (known_default<T, D>() == default_state::ask) {
    static const bool result = differs<T, D>();
    return result;
  } else {
    return known_default<T, D>() == default_state::there;
  }
}

/// Gives a member that did not come its default, if it has one.
template <class T, class D>
bool give_default([[maybe_unused]] member_type<T, D>& x) {
  if constexpr (known_default<T, D>() != default_state::none) {
    if (has_default<T, D>()) {
      // Of a new one: the object at hand may have been used before.
      x = T{}.*D::pointer;
      return true;
    }
  }
  return false;
}

/// Appends the members of a struct that have a default, as an object.
template <class T>
void append_defaults(std::string& out) {
  auto begin = out.size();
  [&]<template <class...> class L, class... D>(L<D...>) {
    [[maybe_unused]] auto append = [&]<class E>(E) {
      using M = member_type<T, E>;
      if constexpr (has_json_write<
                      M> && known_default<T, E>() != default_state::none) {
        if (has_default<T, E>()) {
          static constexpr auto key = member_key<name_size(E::name)>(E::name);
          out.append(key.data(), key.size());
          json_codec<M>::write(out, T{}.*E::pointer);
        }
      }
    };
    (append(D{}), ...);
  }(described_members<T>{});
  if (out.size() == begin)
    out.push_back('{');
  else
    out[begin] = '{';
  out.push_back('}');
}

} // namespace flamigo::detail
