#include "flamigo/bridge/detail/upgrade.hpp"

#include <algorithm>
#include <random>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include "flamigo/bridge/detail/http_reply.hpp"

namespace flamigo::detail {

namespace http = beast::http;

namespace {

/// 128 random bits, so that an id can neither be guessed nor come twice.
std::string make_connection_id() {
  thread_local std::random_device device;
  static constexpr char digits[] = "0123456789abcdef";
  std::string result;
  result.reserve(32);
  for (int word = 0; word < 4; ++word)
    for (auto bits = device(), i = 0u; i < 8; ++i, bits >>= 4)
      result.push_back(digits[bits & 15]);
  return result;
}

/// "host:port" of an origin, without a default port's number.
std::string authority_of(std::string_view origin) {
  auto scheme_end = origin.find("://");
  if (scheme_end == std::string_view::npos)
    return {};
  auto result = std::string{origin.substr(scheme_end + 3)};
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return result;
}

std::string_view without_default_port(std::string_view authority) {
  for (std::string_view port : {":80", ":443"})
    if (authority.ends_with(port))
      return authority.substr(0, authority.size() - port.size());
  return authority;
}

} // namespace

std::optional<http::response<http::string_body>>
check_upgrade(const upgrade_request& req, const server_options& options) {
  if (!beast::websocket::is_upgrade(req)) {
    auto res = make_reply(req, http::status::upgrade_required,
                          "this is a WebSocket endpoint");
    res.set(http::field::upgrade, "websocket");
    res.set(http::field::connection, "Upgrade");
    res.set(http::field::sec_websocket_version, "13");
    return res;
  }
  if (req[http::field::sec_websocket_version] != "13") {
    auto res = make_reply(req, http::status::upgrade_required,
                          "use version 13 of the WebSocket protocol");
    res.set(http::field::sec_websocket_version, "13");
    return res;
  }
  if (req.count(http::field::origin) > 0
      && !is_origin_allowed(req[http::field::origin], req[http::field::host],
                            options))
    return make_reply(req, http::status::forbidden,
                      "pages of this origin may not connect; see the option "
                      "allowed-origins");
  return std::nullopt;
}

bool is_origin_allowed(std::string_view origin, std::string_view host,
                       const server_options& options) {
  for (auto& allowed : options.allowed_origins)
    if (allowed == "*" || beast::iequals(allowed, origin))
      return true;
  auto authority = authority_of(origin);
  return !authority.empty()
         && (beast::iequals(authority, host)
             || beast::iequals(without_default_port(authority),
                               without_default_port(host)));
}

claims_ptr claims_of(const upgrade_request& req, const server_core& core,
                     std::string remote_address) {
  auto result = std::make_shared<claims>();
  result->type = claims_type::websocket;
  result->connection_id = make_connection_id();
  result->interface = core.interface;
  result->remote_address = std::move(remote_address);
  for (auto& name : core.options.kept_headers)
    for (auto [i, end] = req.equal_range(name); i != end; ++i)
      result->headers.emplace_back(name, std::string{i->value()});
  return result;
}

std::string address_of(const net::ip::tcp::endpoint& peer) {
  auto address = peer.address().to_string();
  if (peer.address().is_v6())
    address = "[" + address + "]";
  return address + ":" + std::to_string(peer.port());
}

} // namespace flamigo::detail
