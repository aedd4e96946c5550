#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

#include "flamigo/described/described.hpp"
#include "flamigo/strategy/detail/shard_hash.hpp"

namespace flamigo {

namespace detail {

/// What can be a key: what is the same in JSON and in C++, and has one way of
/// being written.
template <class K>
concept shard_key_type
  = std::same_as<K, std::string> || std::integral<K> || described_enum<K>;

/// The name of a member, empty if it is not described.
template <class T, class K>
std::string_view member_name(K T::*member) {
  std::string_view result;
  [&]<template <class...> class L, class... D>(L<D...>) {
    [[maybe_unused]] auto look = [&]<class E>(E) {
      if constexpr (std::is_same_v<decltype(E::pointer), K T::*const>)
        if (E::pointer == member)
          result = E::name;
    };
    (look(D{}), ...);
  }(described_members<T>{});
  return result;
}

} // namespace detail

/// By which member of their inputs strategies are sharded; made by `by`.
template <class K>
struct shard_key {
  /// Its name; empty if it is not described.
  std::string_view member;
};

/// Shards by this member of the inputs, such as `by(&order::customer)`: a
/// text, an integer, a bool or an enum. Other inputs of the domain have a
/// member of the same name and type.
template <class T, class K>
shard_key<K> by(K T::*member) {
  static_assert(described_struct<T>,
                "the struct whose member is the key of shards is not "
                "described: describe it with BOOST_DESCRIBE_STRUCT");
  static_assert(detail::shard_key_type<K>,
                "the key of shards is a std::string, an integer, a bool or a "
                "described enum, and no std::optional of one");
  if constexpr (described_struct<T> && detail::shard_key_type<K>)
    return {detail::member_name(member)};
  else
    return {};
}

} // namespace flamigo
