#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace flamigo::detail {

/// Appends bytes as base64 with padding (RFC 4648, 4).
void append_base64(std::string& to, std::string_view bytes);

/// Reads it back. Strict: padded, and without any other character.
std::optional<std::string> decode_base64(std::string_view text);

} // namespace flamigo::detail
