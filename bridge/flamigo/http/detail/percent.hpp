#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace flamigo::detail {

/// How a space may be written besides `%20`.
enum class plus : bool {
  /// As in a path (RFC 3986, 2.1).
  is_itself,
  /// As in the query of a form (WHATWG URL, 5.1).
  is_space,
};

/// Decodes what a client has written with `%` and two digits. Nothing where
/// that is cut short or no hexadecimal digits follow, or where the result is
/// not UTF-8.
std::optional<std::string> decode_percent(std::string_view text, plus how);

} // namespace flamigo::detail
