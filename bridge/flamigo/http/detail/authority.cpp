#include "flamigo/http/detail/authority.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

#include <boost/beast/core/string.hpp>

namespace flamigo::detail {

namespace {

/// What RFC 3986, 3.2.2, has besides letters, digits, dots, dashes and
/// underscores, and no name in use.
constexpr std::string_view exotic = "%~!$&'()*+,;=";

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_name(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_'
           || exotic.find(c) != exotic.npos;
  });
}

bool is_ipv6(std::string_view text) noexcept {
  return text.size() > 1 && std::all_of(text.begin(), text.end(), [](char c) {
           return is_digit(c) || (c >= 'a' && c <= 'f')
                  || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
         });
}

/// Where the host ends; npos if it does not.
std::size_t host_size(std::string_view text) noexcept {
  if (!text.starts_with('['))
    return std::min(text.find(':'), text.size());
  auto bracket = text.find(']');
  return bracket == text.npos ? bracket : bracket + 1;
}

bool is_host(std::string_view text) noexcept {
  return text.starts_with('[') ? is_ipv6(text.substr(1, text.size() - 2))
                               : is_name(text);
}

} // namespace

std::optional<authority> parse_authority(std::string_view text) noexcept {
  auto size = host_size(text);
  if (size == text.npos || !is_host(text.substr(0, size)))
    return std::nullopt;
  authority result{text.substr(0, size)};
  auto rest = text.substr(size);
  if (!rest.empty() && rest.front() != ':')
    return std::nullopt;
  if (rest.size() <= 1)
    return result;
  auto end = rest.data() + rest.size();
  auto [ptr, code] = std::from_chars(rest.data() + 1, end, result.port);
  if (code != std::errc{} || ptr != end || result.port == 0
      || result.port > 65'535)
    return std::nullopt;
  return result;
}

unsigned default_port(std::string_view scheme) noexcept {
  return scheme == "http" ? 80 : scheme == "https" ? 443 : 0;
}

bool is_same_host(std::string_view x, std::string_view y) noexcept {
  return boost::beast::iequals(x, y);
}

bool is_allowed_host(std::string_view text) noexcept {
  auto found = parse_authority(text);
  return found && !found->host.empty() && !text.ends_with(':')
         && found->host.find_first_of(exotic) == text.npos;
}

} // namespace flamigo::detail
