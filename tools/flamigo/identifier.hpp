#pragma once

#include <string_view>

namespace flamigo::tool {

// Both throw `failure`; `what` says whose name the text was to be.

/// For what becomes a part of an identifier: letters, digits and '_'.
void check_word(std::string_view what, std::string_view text);

/// For what becomes one: C++ has some words for itself.
void check_identifier(std::string_view what, std::string_view text);

} // namespace flamigo::tool
