#include "flamigo/websocket/detail/upgrade_token.hpp"

#include "flamigo/http/detail/bearer_token.hpp"
#include "flamigo/websocket/detail/subprotocols.hpp"

namespace flamigo::detail {

namespace http = beast::http;

namespace {

/// Calls `f` with what stands behind each `bearer.`.
template <class F>
void for_each_subprotocol_token(const parsed_request& req, F f) {
  constexpr std::string_view prefix = "bearer.";
  for_each_subprotocol(req, [&](std::string_view offer) {
    if (offer.size() > prefix.size() && offer.starts_with(prefix))
      f(offer.substr(prefix.size()));
  });
}

std::string_view subprotocol_of(const parsed_request& req) {
  std::string_view result;
  for_each_subprotocol_token(req, [&](std::string_view token) {
    if (result.empty() && is_http_token(token))
      result = token;
  });
  return result;
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

bool has_impossible_token(const parsed_request& req) {
  bool result = false;
  for_each_subprotocol_token(req, [&](std::string_view token) {
    result = result || !is_http_token(token);
  });
  return result;
}

std::string token_of(const parsed_request& req, std::string_view cookie) {
  if (auto token = bearer_of(req[http::field::authorization]); !token.empty())
    return std::string{token};
  if (auto token = subprotocol_of(req); !token.empty())
    return std::string{token};
  if (!cookie.empty())
    return std::string{cookie_of(req[http::field::cookie], cookie)};
  return {};
}

} // namespace flamigo::detail
