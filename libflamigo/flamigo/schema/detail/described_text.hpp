#pragma once

#include <string_view>

#include "flamigo/described/described.hpp"
#include "flamigo/described/description.hpp"

namespace flamigo::detail {

/// What people are told of a member: by its struct, else by the base that it
/// is of.
template <class T>
constexpr std::string_view text_of_member(std::string_view name) {
  for (auto& x : describe<T>.members)
    if (x.name == name)
      return x.text;
  if constexpr (described_struct<T>) {
    return [name]<template <class...> class L, class... B>(L<B...>) {
      [[maybe_unused]] std::string_view wanted = name;
      std::string_view result;
      (void) ((!(result = text_of_member<typename B::type>(wanted)).empty())
              || ...);
      return result;
    }(boost::describe::describe_bases<T, boost::describe::mod_any_access>{});
  } else {
    return {};
  }
}

/// Whether nothing is told of names that a type does not have.
template <class T, class... D>
consteval bool tells_of_known_names() {
  if constexpr (describe<T>.members.size() > 0)
    for (auto& x : describe<T>.members)
      if (!((x.name == D::name) || ...))
        return false;
  return true;
}

} // namespace flamigo::detail
