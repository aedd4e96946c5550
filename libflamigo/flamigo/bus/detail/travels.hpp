#pragma once

#include <concepts>
#include <cstddef>

#include "flamigo/described/described.hpp"
#include "flamigo/json/detail/codec.hpp"

namespace flamigo::detail {

template <class T, class... Above>
constexpr bool is_whole();

/// Looks into the arguments of a template, such as the elements of a vector.
template <class T, class... Above>
struct whole_arguments {
  static constexpr bool value = true;
};

template <template <class...> class Outer, class... Args, class... Above>
struct whole_arguments<Outer<Args...>, Above...> {
  static constexpr bool value = (is_whole<Args, Above...>() && ...);
};

template <template <class, std::size_t> class Outer, class T, std::size_t N,
          class... Above>
struct whole_arguments<Outer<T, N>, Above...> {
  static constexpr bool value = is_whole<T, Above...>();
};

template <class... Above, template <class...> class List, class... D>
constexpr bool whole_members(List<D...>) {
  return ([]<class T, class M>(M T::*) {
    return has_json_read<M> && has_json_write<M> && is_whole<M, Above...>();
  }(D::pointer)
          && ...);
}

/// Whether there is no struct in it with a member that is no JSON. `Above` are
/// the structs in which it was found.
template <class T, class... Above>
constexpr bool is_whole() {
  if constexpr ((std::same_as<T, Above> || ...))
    return true;
  else if constexpr (described_struct<T>)
    return whole_members<Above..., T>(described_members<T>{});
  else
    return whole_arguments<T, Above...>::value;
}

/// A type that can be written as JSON and read again, down to its last member:
/// `json_readable` and `json_writable` do not look at members.
template <class T>
concept travels = has_json_read<T> && has_json_write<T> && is_whole<T>();

} // namespace flamigo::detail
