#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace flamigo::detail {

/// Returns the length of the longest prefix that needs no escaping.
std::size_t harmless_prefix(std::string_view text) noexcept;

/// Appends the escaped text.
void append_escaped(std::string& out, std::string_view text);

} // namespace flamigo::detail
