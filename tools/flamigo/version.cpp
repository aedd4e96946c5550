#include "version.hpp"

#include <charconv>

namespace flamigo::tool {

std::string to_string(const version& x) {
  return std::to_string(x.major) + "." + std::to_string(x.minor) + "."
         + std::to_string(x.patch);
}

std::optional<version> find_version(std::string_view text) {
  auto begin = text.find_first_of("0123456789");
  if (begin == text.npos)
    return std::nullopt;
  version result;
  auto i = text.data() + begin;
  auto end = text.data() + text.size();
  for (auto part : {&result.major, &result.minor, &result.patch}) {
    auto [rest, err] = std::from_chars(i, end, *part);
    if (err != std::errc{})
      break;
    i = rest;
    if (i == end || (*i != '.' && *i != ' '))
      break;
    ++i;
  }
  return result;
}

version unpack_version(unsigned number, unsigned unit) noexcept {
  return {number / unit, number % unit / 100, number % 100};
}

} // namespace flamigo::tool
