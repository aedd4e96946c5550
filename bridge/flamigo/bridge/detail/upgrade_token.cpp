#include "flamigo/bridge/detail/upgrade_token.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/rfc7230.hpp>

namespace flamigo::detail {

namespace http = beast::http;

namespace {

std::string_view trim(std::string_view text) {
  constexpr auto blank = " \t";
  auto first = text.find_first_not_of(blank);
  if (first == text.npos)
    return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::string_view bearer_of(std::string_view header) {
  constexpr std::string_view scheme = "bearer ";
  if (header.size() < scheme.size()
      || !beast::iequals(header.substr(0, scheme.size()), scheme))
    return {};
  return trim(header.substr(scheme.size()));
}

std::string_view subprotocol_of(std::string_view header) {
  constexpr std::string_view prefix = "bearer.";
  for (std::string_view offer : http::token_list{header})
    if (offer.starts_with(prefix))
      return offer.substr(prefix.size());
  return {};
}

/// Of a `Cookie` header (RFC 6265, 4.2.1): `name=value; name=value`.
std::string_view cookie_of(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    auto end = header.find(';');
    auto pair = trim(header.substr(0, end));
    header.remove_prefix(end == header.npos ? header.size() : end + 1);
    auto equals = pair.find('=');
    if (equals == pair.npos || trim(pair.substr(0, equals)) != name)
      continue;
    auto value = trim(pair.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
      value = value.substr(1, value.size() - 2);
    return value;
  }
  return {};
}

} // namespace

std::string token_of(const upgrade_request& req, std::string_view cookie) {
  if (auto token = bearer_of(req[http::field::authorization]); !token.empty())
    return std::string{token};
  // The header may stand there more than once (RFC 6455, 4.1).
  auto [i, end] = req.equal_range(http::field::sec_websocket_protocol);
  for (; i != end; ++i)
    if (auto token = subprotocol_of(i->value()); !token.empty())
      return std::string{token};
  if (!cookie.empty())
    return std::string{cookie_of(req[http::field::cookie], cookie)};
  return {};
}

} // namespace flamigo::detail
