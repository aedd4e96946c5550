#include "flamigo/http/detail/percent.hpp"

#include <charconv>

#include "flamigo/io/detail/utf8.hpp"

namespace flamigo::detail {

std::optional<std::string> decode_percent(std::string_view text, plus how) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    auto c = text.front();
    text.remove_prefix(1);
    if (c == '+' && how == plus::is_space) {
      c = ' ';
    } else if (c == '%') {
      unsigned byte = 0;
      auto digits = text.substr(0, 2);
      auto end = digits.data() + digits.size();
      if (digits.size() < 2
          || std::from_chars(digits.data(), end, byte, 16).ptr != end)
        return std::nullopt;
      c = static_cast<char>(byte);
      text.remove_prefix(2);
    }
    result.push_back(c);
  }
  if (!is_utf8(result))
    return std::nullopt;
  return result;
}

} // namespace flamigo::detail
