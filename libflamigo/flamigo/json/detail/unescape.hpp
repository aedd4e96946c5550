#pragma once

#include <string>
#include <string_view>

namespace flamigo::detail {

/// Appends what the inside of a JSON string stands for. The string has been
/// checked: its escapes are valid.
void append_unescaped(std::string& out, std::string_view raw);

} // namespace flamigo::detail
