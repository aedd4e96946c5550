#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

#include "flamigo/json/detail/codec.hpp"

namespace flamigo::detail {

template <class T, class... Ts>
inline constexpr bool is_one_of = (std::same_as<T, Ts> || ...);

/// Integers, but for those that stand for truth values and characters.
template <class T>
concept json_integer
  = std::integral<T> && !is_one_of<T, bool, char, wchar_t, char8_t, char16_t,
                                   char32_t>;

void read_integer(json_binder& in, const json_token& token, std::int64_t& x,
                  std::int64_t min, std::int64_t max);

void read_integer(json_binder& in, const json_token& token, std::uint64_t& x,
                  std::uint64_t max);

/// Reads a number as an integer of so many digits less, rounded: 1.5 as 1500
/// for 3. False if it does not fit or is no number.
bool read_scaled(const json_token& token, std::int64_t& x, std::int64_t digits);

void read_real(json_binder& in, const json_token& token, float& x);

void read_real(json_binder& in, const json_token& token, double& x);

void append_real(std::string& out, float x);

void append_real(std::string& out, double x);

template <>
struct json_codec<bool> {
  static void read(json_binder& in, const json_token& token, bool& x);

  static void write(std::string& out, bool x) {
    out.append(x ? "true" : "false");
  }

  static std::string name() {
    return "bool";
  }
};

template <json_integer T>
struct json_codec<T> {
  static_assert(sizeof(T) <= sizeof(std::int64_t));

  static void read(json_binder& in, const json_token& token, T& x) {
    using limits = std::numeric_limits<T>;
    if constexpr (std::signed_integral<T>) {
      std::int64_t value = 0;
      read_integer(in, token, value, limits::min(), limits::max());
      x = static_cast<T>(value);
    } else {
      std::uint64_t value = 0;
      read_integer(in, token, value, limits::max());
      x = static_cast<T>(value);
    }
  }

  static void write(std::string& out, T x) {
    char buf[24];
    auto res = std::to_chars(buf, buf + sizeof(buf), x);
    out.append(buf, static_cast<std::size_t>(res.ptr - buf));
  }

  static std::string name() {
    return (std::signed_integral<T> ? "int" : "uint")
           + std::to_string(sizeof(T) * 8);
  }
};

template <class T>
  requires(std::same_as<T, float> || std::same_as<T, double>)
struct json_codec<T> {
  static void read(json_binder& in, const json_token& token, T& x) {
    read_real(in, token, x);
  }

  static void write(std::string& out, T x) {
    append_real(out, x);
  }

  static std::string name() {
    return std::same_as<T, float> ? "float" : "double";
  }
};

} // namespace flamigo::detail
