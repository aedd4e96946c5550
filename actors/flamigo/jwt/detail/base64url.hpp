#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace flamigo::detail {

/// Decodes base64url without padding, as RFC 7515 wants it. Strict: there is
/// one text for each sequence of bytes, and any other is refused, one whose
/// last character has bits that nobody needs (RFC 4648, 3.5) among them.
std::optional<std::string> decode_base64url(std::string_view text);

/// The other way.
std::string encode_base64url(std::string_view bytes);

} // namespace flamigo::detail
