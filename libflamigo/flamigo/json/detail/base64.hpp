#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace flamigo::detail {

// Reading is strict: there is one text for each sequence of bytes, and any
// other is refused, one whose last character has bits that nobody needs (RFC
// 4648, 3.5) among them.

/// Appends bytes as base64 with padding (RFC 4648, 4).
void append_base64(std::string& to, std::string_view bytes);

/// Reads it back.
std::optional<std::string> decode_base64(std::string_view text);

/// The same in base64url without padding, as RFC 7515 wants it.
std::string encode_base64url(std::string_view bytes);

/// Reads it back.
std::optional<std::string> decode_base64url(std::string_view text);

} // namespace flamigo::detail
