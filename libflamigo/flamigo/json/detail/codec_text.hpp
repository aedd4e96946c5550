#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "flamigo/json/detail/append_text.hpp"
#include "flamigo/json/detail/codec.hpp"
#include "flamigo/json/raw_json.hpp"

namespace flamigo::detail {

template <>
struct json_codec<std::string> {
  static void read(json_binder& in, const json_token& token, std::string& x);

  static void write(std::string& out, const std::string& x) {
    append_string(out, x);
  }

  static std::string name() {
    return "string";
  }
};

/// Only written: there would be nobody to own what is read.
template <>
struct json_codec<std::string_view> {
  static void write(std::string& out, std::string_view x) {
    append_string(out, x);
  }

  static std::string name() {
    return "string";
  }
};

/// A literal, or an array that holds a text up to its first zero.
template <std::size_t N>
struct json_codec<char[N]> {
  static void write(std::string& out, const char (&x)[N]) {
    std::string_view all{x, N};
    append_string(out, all.substr(0, all.find('\0')));
  }

  static std::string name() {
    return "string";
  }
};

/// What a literal becomes where it is returned. Nothing is `null`.
template <>
struct json_codec<const char*> {
  static void write(std::string& out, const char* x) {
    if (x != nullptr)
      append_string(out, x);
    else
      append_raw(out, {});
  }

  static std::string name() {
    return "string";
  }
};

template <>
struct json_codec<raw_json> {
  static void read(json_binder&, const json_token& token, raw_json& x) {
    x.text = token.slice();
  }

  static void write(std::string& out, const raw_json& x) {
    append_raw(out, x.text);
  }

  static std::string name() {
    return "json";
  }
};

} // namespace flamigo::detail
