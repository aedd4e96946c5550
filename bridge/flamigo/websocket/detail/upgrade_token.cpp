#include "flamigo/websocket/detail/upgrade_token.hpp"

#include <algorithm>
#include <cctype>

#include <boost/beast/core/string.hpp>

#include "flamigo/websocket/detail/subprotocols.hpp"

namespace flamigo::detail {

namespace http = beast::http;

namespace {

/// As RFC 6750, 2.1, has it. Anything else is no token, rather than a part of
/// one.
bool is_token(std::string_view text) {
  auto digits = text.substr(0, text.find_last_not_of('=') + 1);
  return !digits.empty()
         && std::all_of(digits.begin(), digits.end(), [](unsigned char c) {
              return std::isalnum(c)
                     || std::string_view{"-._~+/"}.find(static_cast<char>(c))
                          != std::string_view::npos;
            });
}

std::string_view bearer_of(std::string_view header) {
  constexpr std::string_view scheme = "bearer ";
  if (header.size() < scheme.size()
      || !beast::iequals(header.substr(0, scheme.size()), scheme))
    return {};
  auto token = trim(header.substr(scheme.size()));
  return is_token(token) ? token : std::string_view{};
}

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
