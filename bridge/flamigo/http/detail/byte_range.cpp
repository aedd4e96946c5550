#include "flamigo/http/detail/byte_range.hpp"

#include <algorithm>
#include <charconv>

#include <boost/beast/core/string.hpp>

#include "flamigo/http/detail/http_syntax.hpp"

namespace flamigo::detail {

namespace {

/// Of digits alone; one that is too large is as large as can be.
std::optional<std::uint64_t> number_in(std::string_view text) noexcept {
  std::uint64_t result = 0;
  auto end = text.data() + text.size();
  auto [at, ec] = std::from_chars(text.data(), end, result);
  if (text.empty() || at != end || ec == std::errc::invalid_argument)
    return std::nullopt;
  return ec == std::errc{} ? result : UINT64_MAX;
}

} // namespace

std::optional<byte_range> parse_range(std::string_view header,
                                      std::uint64_t bytes) noexcept {
  constexpr std::string_view unit = "bytes=";
  if (!boost::beast::iequals(header.substr(0, unit.size()), unit))
    return std::nullopt;
  auto part = trim(header.substr(unit.size()));
  auto dash = part.find('-');
  if (dash == part.npos)
    return std::nullopt;
  auto first = number_in(part.substr(0, dash));
  auto last = number_in(part.substr(dash + 1));
  if (dash == 0) {
    // The last ones.
    if (!last)
      return std::nullopt;
    auto size = std::min(*last, bytes);
    return byte_range{bytes - size, size};
  }
  auto is_open = dash + 1 == part.size();
  if (!first || (!is_open && (!last || *last < *first)))
    return std::nullopt;
  if (*first >= bytes)
    return byte_range{};
  auto end = is_open ? bytes - 1 : std::min(*last, bytes - 1);
  return byte_range{*first, end - *first + 1};
}

} // namespace flamigo::detail
