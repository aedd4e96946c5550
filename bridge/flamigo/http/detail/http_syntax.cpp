#include "flamigo/http/detail/http_syntax.hpp"

#include <algorithm>

namespace flamigo::detail {

bool is_http_token(std::string_view text) noexcept {
  constexpr std::string_view delimiters = "\"(),/:;<=>?@[\\]{}";
  return !text.empty() && std::all_of(text.begin(), text.end(), [=](char c) {
    return c > ' ' && c < '\x7f' && delimiters.find(c) == delimiters.npos;
  });
}

bool is_field_value(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [=](char c) {
    auto byte = static_cast<unsigned char>(c);
    return (byte >= ' ' && byte != 0x7f) || c == '\t';
  });
}

std::string_view trim(std::string_view text) noexcept {
  constexpr auto blank = " \t";
  auto first = text.find_first_not_of(blank);
  if (first == text.npos)
    return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

} // namespace flamigo::detail
