#pragma once

#include <cctype>
#include <string_view>
#include <vector>

namespace flamigo::tool {

/// Whether a character may be in a word of C++.
inline bool in_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

/// Cuts a text in C++ into words, `::` and single characters, which are parts
/// of it. Comments, literals and lines of the preprocessor are left out.
std::vector<std::string_view> cpp_words(std::string_view text);

} // namespace flamigo::tool
