#pragma once

#include <string>
#include <string_view>

namespace flamigo::detail {

/// Appends a string with its quotes. A byte that is not part of valid UTF-8
/// becomes U+FFFD: a client ends the connection over a frame that is not UTF-8,
/// which one damaged name in a database must not cause.
void append_string(std::string& out, std::string_view text);

/// Appends JSON as it is, but for bytes that are not part of valid UTF-8, which
/// become U+FFFD. Nothing becomes `null`.
void append_raw(std::string& out, std::string_view json);

} // namespace flamigo::detail
