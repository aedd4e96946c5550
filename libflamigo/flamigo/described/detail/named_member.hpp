#pragma once

#include <string_view>
#include <type_traits>

#include "flamigo/described/described.hpp"

namespace flamigo::detail {

/// Whether a struct describes a member of this name, which is data then.
template <class T>
consteval bool describes(std::string_view name) {
  return []<template <class...> class L, class... Ds>(
           [[maybe_unused]] std::string_view wanted, L<Ds...>) {
    return ((wanted == Ds::name) || ...);
  }(name, described_members<T>{});
}

/// A struct and a probe, which has one member of the name that is looked for:
/// it is ambiguous in here if the struct has it as well, whatever it is there.
template <class T, class Probe>
struct beside : T, Probe {};

/// An argument that any parameter takes.
struct anything {
  template <class T>
  operator T&() const; // NOLINT: implicit, that is what it is for
};

/// Whether a struct has something of the name that the probe is for, which has
///
///   int hook;
///   template <class T>
///   static constexpr bool is_type
///     = requires { static_cast<struct T::hook*>(nullptr); };
///   template <class T>
///   static constexpr bool is_named = requires { &T::hook; };
///   template <class T, class... Ts>
///   static constexpr bool is_called
///     = requires(T& x, Ts... args) { x.hook(args...); };
///
/// So a function is found that is written in another way than we call it. A
/// type is not meant, such as the struct itself if it has that name. Of a
/// struct that is final only what is public is found.
template <class T, class Probe>
consteval bool has_named() {
  if constexpr (Probe::template is_type<T>) {
    return false;
  } else if constexpr (std::is_final_v<T>) {
    // What is overloaded has no address; some call reaches it.
    constexpr bool found[] = {Probe::template is_named<T>,
                              Probe::template is_called<T>,
                              Probe::template is_called<T, anything>,
                              Probe::template is_called<T, anything, anything>};
    return found[0] || found[1] || found[2] || found[3];
  } else {
    return !Probe::template is_named<beside<T, Probe>>;
  }
}

} // namespace flamigo::detail
