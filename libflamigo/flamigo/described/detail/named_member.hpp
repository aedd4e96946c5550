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

/// A struct and a probe, which has one member: that name is ambiguous in here
/// if the struct has it as well, whatever it is there.
template <class T, class Probe>
struct beside : T, Probe {};

/// A struct that a function of ours may be looked for in by its name alone, to
/// find one that is written in another way than we call it.
template <class T>
concept searchable = described_struct<T> && !std::is_final_v<T>;

} // namespace flamigo::detail
