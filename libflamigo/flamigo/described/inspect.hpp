#pragma once

#include <optional>
#include <type_traits>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/detail/type_traits.hpp>
#include <caf/meta/annotation.hpp>
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

namespace flamigo::detail {

/// A class that CAF has no way to send, and nobody has allowed to.
template <class T>
concept not_sendable = std::is_class_v<T> && !caf::meta::is_annotation<T>::value
                       && !caf::detail::is_serializable<T>::value;

template <class T>
inline constexpr bool can_be_sent = !not_sendable<T>;

} // namespace flamigo::detail

// Asked for each type of a message, of which the compiler says a thousand lines
// otherwise; those that were allowed have a specialisation of their own.

template <flamigo::detail::not_sendable T>
struct caf::allowed_unsafe_message_type<T> : std::true_type {
  static_assert(flamigo::detail::can_be_sent<T>,
                "flamigo: this struct cannot be sent to an actor. Describe it "
                "with BOOST_DESCRIBE_STRUCT(name, (bases), (members)) in its "
                "own namespace, or write CAF_ALLOW_UNSAFE_MESSAGE_TYPE(name) "
                "below it if it never leaves this process");
};

// Where CAF's inspectors live, and so where the compiler looks.

namespace caf {

using flamigo::detail::caf_inspect::inspect;

namespace detail {

using flamigo::detail::caf_inspect::inspect;

} // namespace detail

} // namespace caf
