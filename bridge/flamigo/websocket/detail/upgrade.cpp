#include "flamigo/websocket/detail/upgrade.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>

#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <openssl/rand.h>

#include "flamigo/http/detail/authority.hpp"
#include "flamigo/http/detail/host_check.hpp"
#include "flamigo/http/detail/origin.hpp"
#include "flamigo/http/detail/request_claims.hpp"
#include "flamigo/websocket/detail/upgrade_token.hpp"

namespace flamigo::detail {

namespace http = beast::http;

namespace {

/// 128 random bits, so that an id can neither be guessed nor come twice.
std::string make_connection_id() {
  // Not std::random_device: the instruction that it takes them from needs up to
  // 24 us for one of its words on some virtual machines.
  std::array<unsigned char, 16> bytes;
  if (::RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw std::runtime_error{"OpenSSL has no random bytes"};
  static constexpr char digits[] = "0123456789abcdef";
  std::string result;
  result.reserve(2 * bytes.size());
  for (auto byte : bytes) {
    result.push_back(digits[byte >> 4]);
    result.push_back(digits[byte & 15]);
  }
  return result;
}

/// A page of the server itself has the scheme and the name that it was reached
/// by: what came in the clear may be somebody else's.
bool is_own(const origin& page, std::string_view host,
            std::string_view scheme) {
  auto found = parse_authority(host);
  return found
         && is_same_origin(page, {scheme, found->host,
                                  found->port != 0 ? found->port
                                                   : default_port(scheme)});
}

bool is_allowed(const origin& page, const server_options& options) {
  auto& allowed = options.allowed_origins;
  return std::any_of(allowed.begin(), allowed.end(), [&](auto& text) {
    auto other = parse_origin(text);
    return other && is_same_origin(page, *other);
  });
}

std::optional<http_reply> check_origin(const parsed_request& req,
                                       const server_options& options) {
  auto& allowed = options.allowed_origins;
  if (std::find(allowed.begin(), allowed.end(), "*") != allowed.end())
    return std::nullopt;
  auto page = parse_origin(req[http::field::origin]);
  auto host = host_of(req);
  auto scheme = scheme_of(req, options);
  if (page && (is_own(*page, host, scheme) || is_allowed(*page, options)))
    return std::nullopt;
  auto why = page && is_own(*page, host, page->scheme)
               ? "this page came by another scheme than the connection, as far "
                 "as the server knows; does the proxy send X-Forwarded-Proto? "
                 "See the option public-scheme"
               : "pages of this origin may not connect; see the option "
                 "allowed-origins";
  return make_reply(req, http::status::forbidden, why);
}

/// What RFC 9110, 15.5.22, wants of a 426, and RFC 6455, 4.4.
http_reply upgrade_required(const parsed_request& req, std::string why) {
  auto res = make_reply(req, http::status::upgrade_required, std::move(why));
  res.set(http::field::upgrade, "websocket");
  res.set(http::field::sec_websocket_version, "13");
  res.set(http::field::connection, "Upgrade");
  res.keep_alive(req.keep_alive());
  return res;
}

/// 16 bytes in base64 (RFC 6455, 4.1).
bool is_key(std::string_view text) {
  return text.size() == 24 && text.ends_with("==")
         && std::all_of(text.begin(), text.end() - 2, [](unsigned char c) {
              return std::isalnum(c) || c == '+' || c == '/';
            });
}

} // namespace

std::optional<http_reply> check_upgrade(const parsed_request& req,
                                        const server_options& options) {
  if (!beast::websocket::is_upgrade(req))
    return upgrade_required(req, "this is a WebSocket endpoint");
  if (req[http::field::sec_websocket_version] != "13")
    return upgrade_required(req, "use version 13 of the WebSocket protocol");
  if (req.count(http::field::sec_websocket_key) != 1
      || !is_key(req[http::field::sec_websocket_key]))
    return make_reply(req, http::status::bad_request,
                      "Sec-WebSocket-Key is 16 bytes in base64");
  if (has_impossible_token(req))
    return make_reply(req, http::status::bad_request,
                      "a token in a subprotocol cannot have '=', '/' or other "
                      "characters that no browser sends there: make it "
                      "base64url without padding, or show it in an "
                      "Authorization header");
  if (req.count(http::field::origin) > 0)
    return check_origin(req, options);
  return std::nullopt;
}

claims_ptr claims_of(const parsed_request& req, const server_core& core,
                     std::string remote_address) {
  auto result = std::make_shared<claims>(
    request_claims(req, core, std::move(remote_address)));
  result->type = claims_type::websocket;
  result->connection_id = make_connection_id();
  return result;
}

} // namespace flamigo::detail
