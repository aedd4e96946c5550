#include "flamigo/config/detail/number_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <system_error>

namespace flamigo::detail {

namespace {

struct unit {
  std::string_view name;
  std::int64_t nanoseconds;
};

constexpr auto units = std::array<unit, 6>{{
  {"ns", 1},
  {"us", 1'000},
  {"ms", 1'000'000},
  {"s", 1'000'000'000},
  {"min", 60'000'000'000},
  {"h", 3'600'000'000'000},
}};

constexpr bool is_decimal(char c) noexcept {
  return c >= '0' && c <= '9';
}

constexpr bool is_word(char c) noexcept {
  return is_decimal(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || c == '_' || c == '-' || c == '+' || c == '.';
}

/// Whether a whole number of these is more than 64 bits of nanoseconds.
bool is_too_long(std::string_view digits, std::string_view name) noexcept {
  auto i = std::find_if(units.begin(), units.end(),
                        [=](auto& x) { return x.name == name; });
  if (i == units.end())
    return false;
  std::int64_t count = 0;
  auto code
    = std::from_chars(digits.data(), digits.data() + digits.size(), count).ec;
  return code != std::errc{}
         || count > std::numeric_limits<std::int64_t>::max() / i->nanoseconds;
}

/// Where what stands at the beginning of a text ends: a text in quotes, a
/// comment, a word, or a single character.
std::size_t token_size(std::string_view text) noexcept {
  auto c = text.front();
  if (c == ';')
    return std::min(text.find('\n'), text.size());
  if (c == '"' || c == '\'' || c == '<') {
    auto last = c == '<' ? '>' : c;
    std::size_t i = 1;
    while (i < text.size() && text[i] != last && text[i] != '\n')
      i += text[i] == '\\' ? 2u : 1u;
    return std::min(i + 1, text.size());
  }
  auto end = std::find_if_not(text.begin(), text.end(), is_word);
  return std::max<std::size_t>(1, static_cast<std::size_t>(end - text.begin()));
}

} // namespace

std::string_view misread(std::string_view text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  if (text.starts_with('+') || text.starts_with('-'))
    text.remove_prefix(1);
  if (text == "0x" || text == "0X" || text == "0b" || text == "0B")
    return "a number, which has digits behind 0x or 0b";
  auto end = std::find_if_not(text.begin(), text.end(), is_decimal);
  auto size = static_cast<std::size_t>(end - text.begin());
  if (size > 1 && text.front() == '0')
    return "a number without a zero in front, which would make it octal";
  if (size > 0 && is_too_long(text.substr(0, size), text.substr(size)))
    return "a time of at most 2562047h, which is what a clock holds";
  return {};
}

std::string_view find_misread(std::string_view file) noexcept {
  while (!file.empty()) {
    auto token = file.substr(0, token_size(file));
    if (!misread(token).empty())
      return token;
    file.remove_prefix(token.size());
  }
  return {};
}

} // namespace flamigo::detail
