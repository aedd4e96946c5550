#include "flamigo/http/detail/origin.hpp"

#include <algorithm>

#include "flamigo/http/detail/authority.hpp"

namespace flamigo::detail {

namespace {

constexpr bool is_lower(char c) noexcept {
  return c >= 'a' && c <= 'z';
}

bool is_scheme(std::string_view x) noexcept {
  return !x.empty() && is_lower(x[0])
         && std::all_of(x.begin(), x.end(), [](char c) {
              return is_lower(c) || (c >= '0' && c <= '9') || c == '+'
                     || c == '-' || c == '.';
            });
}

} // namespace

std::optional<origin> parse_origin(std::string_view text) noexcept {
  constexpr std::string_view mark = "://";
  auto size = text.find(mark);
  if (size == text.npos || !is_scheme(text.substr(0, size)))
    return std::nullopt;
  auto scheme = text.substr(0, size);
  auto rest = text.substr(size + mark.size());
  // Browsers write names as the options have them.
  if (!is_allowed_host(rest))
    return std::nullopt;
  auto found = parse_authority(rest);
  return origin{scheme, found->host,
                found->port != 0 ? found->port : default_port(scheme)};
}

bool is_same_origin(const origin& x, const origin& y) noexcept {
  return x.scheme == y.scheme && is_same_host(x.host, y.host)
         && x.port == y.port;
}

bool is_allowed_origin(std::string_view text) noexcept {
  return text == "*"
         || (parse_origin(text)
             && std::none_of(text.begin(), text.end(),
                             [](char c) { return c >= 'A' && c <= 'Z'; }));
}

} // namespace flamigo::detail
