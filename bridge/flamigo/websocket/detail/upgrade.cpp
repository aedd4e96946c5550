#include "flamigo/websocket/detail/upgrade.hpp"

#include <algorithm>
#include <cctype>

#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include "flamigo/http/detail/origin_check.hpp"
#include "flamigo/http/detail/random_id.hpp"
#include "flamigo/http/detail/request_claims.hpp"
#include "flamigo/websocket/detail/upgrade_token.hpp"

namespace flamigo::detail {

namespace http = beast::http;

namespace {

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
                                        const request_peer& peer,
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
  return check_origin(req, peer, options);
}

claims_ptr claims_of(const parsed_request& req, const server_core& core,
                     const request_peer& peer) {
  auto result = std::make_shared<claims>(request_claims(req, core, peer));
  result->type = claims_type::websocket;
  result->protocol = client_protocol::flamigo;
  result->transport = client_transport::websocket;
  result->connection_id = random_id();
  return result;
}

} // namespace flamigo::detail
