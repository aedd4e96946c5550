#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace flamigo::detail {

/// Where the JSON string that begins there has its end, behind the quotes; at
/// most that of the text.
inline std::size_t string_end(std::string_view text,
                              std::size_t begin) noexcept {
  auto i = begin + 1;
  while (i < text.size() && text[i] != '"')
    i += text[i] == '\\' ? std::size_t{2} : std::size_t{1};
  return std::min(i + 1, text.size());
}

} // namespace flamigo::detail
