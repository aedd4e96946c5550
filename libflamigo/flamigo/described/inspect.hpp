#pragma once

#include <optional>
#include <type_traits>

#include <caf/meta/type_name.hpp>
#include <caf/none.hpp>

#include "flamigo/described/described.hpp"
#include "flamigo/described/detail/short_name.hpp"

/// Makes every described struct an actor message: with this header, CAF's
/// `inspect` comes from the same BOOST_DESCRIBE_STRUCT as its JSON does. The
/// members may be other described structs, what CAF knows by itself, and
/// `std::optional`. An `inspect` that a struct has of its own is preferred.
///
/// What remains to be done for a type T that is sent to actors is what CAF asks
/// for: `CAF_ADD_TYPE_ID(block, (T))` and `cfg.add_message_types<block>()`.
namespace flamigo::detail {

template <described_struct T>
const char* message_type_name() {
  static const auto name = short_name<T>();
  return name.c_str();
}

namespace caf_inspect {

template <class Inspector, described_struct T>
typename Inspector::result_type inspect(Inspector& f, T& x) {
  return [&]<template <class...> class List, class... D>(List<D...>) {
    return f(caf::meta::type_name(message_type_name<T>()), (x.*D::pointer)...);
  }(described_members<T>{});
}

template <class Inspector, class T>
typename Inspector::result_type inspect(Inspector& f, std::optional<T>& x) {
  auto there = x.has_value();
  if constexpr (std::is_void_v<typename Inspector::result_type>) {
    // Printed: the value or nothing.
    if (there)
      f(*x);
    else
      f(caf::none);
  } else {
    if constexpr (Inspector::reads_state)
      return there ? f(there, *x) : f(there);
    if (auto err = f(there))
      return err;
    if (there)
      return f(x.emplace());
    x.reset();
    return {};
  }
}

} // namespace caf_inspect

} // namespace flamigo::detail

// Where CAF's inspectors live, and so where the compiler looks.

namespace caf {

using flamigo::detail::caf_inspect::inspect;

namespace detail {

using flamigo::detail::caf_inspect::inspect;

} // namespace detail

} // namespace caf
