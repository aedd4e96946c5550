#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "flamigo/described/described.hpp"
#include "flamigo/described/detail/short_name.hpp"
#include "flamigo/json/detail/append_text.hpp"
#include "flamigo/json/detail/codec.hpp"

namespace flamigo::detail {

/// Returns the place of a string among so many names, or their number if it has
/// none.
std::size_t place_of_name(const json_token& token,
                          const std::string_view* names, std::size_t count);

/// Returns names as `red, green`.
std::string listed_names(const std::string_view* names, std::size_t count);

/// Returns the place of the token among so many names, or reports that it has
/// none and returns their number.
std::size_t read_name(json_binder& in, const json_token& token,
                      const std::string_view* names, std::size_t count);

/// Described enums, by name. A value without a name is written as `null`.
template <described_enum T>
struct json_codec<T> {
  static constexpr auto values
    = []<template <class...> class List, class... D>(List<D...>) {
        return std::array<T, sizeof...(D)>{D::value...};
      }(boost::describe::describe_enumerators<T>{});

  static constexpr auto names
    = []<template <class...> class List, class... D>(List<D...>) {
        return std::array<std::string_view, sizeof...(D)>{D::name...};
      }(boost::describe::describe_enumerators<T>{});

  static void read(json_binder& in, const json_token& token, T& x) {
    auto i = read_name(in, token, names.data(), names.size());
    if (i < names.size())
      x = values[i];
  }

  static void write(std::string& out, T x) {
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i] == x)
        return append_string(out, names[i]);
    out.append("null");
  }

  static std::string name() {
    return short_name<T>();
  }
};

} // namespace flamigo::detail
