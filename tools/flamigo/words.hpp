#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace flamigo::tool {

inline std::string_view trim(std::string_view text) {
  constexpr auto blank = " \t\r\n";
  auto begin = text.find_first_not_of(blank);
  if (begin == text.npos)
    return {};
  return text.substr(begin, text.find_last_not_of(blank) + 1 - begin);
}

/// What stands between the separators, without blanks around it.
inline std::vector<std::string> words_of(std::string_view text,
                                         std::string_view separators = ",") {
  std::vector<std::string> result;
  for (std::size_t begin = 0; begin < text.size();) {
    auto end = text.find_first_of(separators, begin);
    if (auto word = trim(text.substr(begin, end - begin)); !word.empty())
      result.emplace_back(word);
    begin = end == text.npos ? text.size() : end + 1;
  }
  return result;
}

} // namespace flamigo::tool
