#pragma once

#include <string_view>

namespace flamigo::detail {

/// What is wrong with a number or a time in a text, if CAF reads another one in
/// it than whoever wrote it: `010` is 8 for it, `0x` is 0 in a file, and a time
/// that is longer than `caf::timespan` holds is any other one. Empty for
/// anything else. It goes on behind "it takes ".
std::string_view misread(std::string_view text) noexcept;

/// The first number or time of a configuration file of which that is true;
/// empty if there is none. Refers to the text.
std::string_view find_misread(std::string_view file) noexcept;

} // namespace flamigo::detail
