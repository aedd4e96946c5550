#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace flamigo::detail {

/// How deep arrays and objects may be nested.
inline constexpr std::size_t max_json_depth = 128;

enum class json_kind : std::uint8_t {
  null,
  no,
  yes,
  number,
  string,
  object,
  array,
};

/// One value of a JSON text, or the name of a member. The tokens of a text lie
/// in a row in the order of the text, so that the members of an object follow
/// it: name, value, name, value.
struct json_token {
  /// The value as it was sent; without the quotes if it is a string.
  const char* text;
  std::uint32_t size;
  /// Number of tokens that belong to this value, itself included.
  std::uint32_t span;
  /// Number of elements or members.
  std::uint32_t count;
  json_kind kind;
  /// Whether a string has escapes.
  bool escaped;

  std::string_view view() const noexcept {
    return {text, size};
  }

  /// The value as it was sent, with the quotes of a string.
  std::string_view slice() const noexcept {
    return kind == json_kind::string
             ? std::string_view{text - 1, size + std::size_t{2}}
             : view();
  }

  /// The token behind this value.
  const json_token* next() const noexcept {
    return this + span;
  }
};

} // namespace flamigo::detail
