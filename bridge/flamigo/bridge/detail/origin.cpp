#include "flamigo/bridge/detail/origin.hpp"

#include <algorithm>
#include <charconv>

namespace flamigo::detail {

namespace {

constexpr bool is_lower(char c) noexcept {
  return c >= 'a' && c <= 'z';
}

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool is_scheme(std::string_view x) noexcept {
  return !x.empty() && is_lower(x[0])
         && std::all_of(x.begin(), x.end(), [](char c) {
              return is_lower(c) || is_digit(c) || c == '+' || c == '-'
                     || c == '.';
            });
}

bool is_origin_host(std::string_view x) noexcept {
  return !x.empty() && std::all_of(x.begin(), x.end(), [](char c) {
    return is_lower(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
  });
}

bool is_ipv6(std::string_view x) noexcept {
  return x.size() > 1 && std::all_of(x.begin(), x.end(), [](char c) {
           return is_digit(c) || (c >= 'a' && c <= 'f') || c == ':' || c == '.';
         });
}

bool is_port(std::string_view x) noexcept {
  unsigned number = 0;
  auto end = x.data() + x.size();
  auto [ptr, code] = std::from_chars(x.data(), end, number);
  return code == std::errc{} && ptr == end && number > 0 && number < 65'536;
}

} // namespace

bool is_allowed_origin(std::string_view text) noexcept {
  if (text == "*")
    return true;
  auto mark = text.find("://");
  if (mark == text.npos || !is_scheme(text.substr(0, mark)))
    return false;
  auto rest = text.substr(mark + 3);
  // In brackets, colons are not followed by the port.
  auto bracket = rest.starts_with('[') ? rest.find(']') : 0;
  auto colon = rest.find(':', bracket);
  if (bracket == rest.npos
      || (colon != rest.npos && !is_port(rest.substr(colon + 1))))
    return false;
  auto host = rest.substr(0, colon);
  if (!host.starts_with('['))
    return is_origin_host(host);
  return host.ends_with(']') && is_ipv6(host.substr(1, host.size() - 2));
}

} // namespace flamigo::detail
