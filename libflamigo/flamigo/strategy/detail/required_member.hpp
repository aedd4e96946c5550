#pragma once

#include <string_view>
#include <typeinfo>

#include "flamigo/described/described.hpp"
#include "flamigo/json/json.hpp"

namespace flamigo::detail {

/// Whether an input has a member of this name, which is of this type and has no
/// default.
template <class T>
bool requires_member([[maybe_unused]] std::string_view name,
                     [[maybe_unused]] const std::type_info& type) {
  if constexpr (described_struct<T>)
    return [&]<template <class...> class L, class... D>(L<D...>) {
      return ((name == D::name && type == typeid(member_type<T, D>)
               && !has_default<T, D>())
              || ...);
    }(described_members<T>{});
  else
    return false;
}

} // namespace flamigo::detail
