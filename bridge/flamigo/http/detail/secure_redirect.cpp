#include "flamigo/http/detail/secure_redirect.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <string_view>

#include "flamigo/http/detail/authority.hpp"
#include "flamigo/http/detail/host_check.hpp"
#include "flamigo/http/detail/request_target.hpp"

namespace flamigo::detail {

namespace http = beast::http;

namespace {

/// Whoever asks for these cannot come by TLS, or need not.
bool is_served_plainly(std::string_view path) {
  constexpr std::array<std::string_view, 3> health{"/livez", "/readyz",
                                                   "/health"};
  return path.starts_with("/.well-known/acme-challenge/")
         || std::find(health.begin(), health.end(), path) != health.end();
}

unsigned port_of(const server_core& core) {
  auto wanted = core.options.tls.public_port;
  return wanted != 0 ? wanted : core.secure_port;
}

} // namespace

std::optional<http_reply> redirect_of(const parsed_request& req,
                                      const request_peer& peer,
                                      const server_core& core) {
  auto target = parse_target(req.target());
  if (!core.options.tls.redirect || peer.secure
      || is_served_plainly(target.path))
    return std::nullopt;
  auto host = parse_authority(host_of(req));
  auto is_read = req.method() == http::verb::get
                 || req.method() == http::verb::head;
  // Whoever has sent more than that has sent it for all to read.
  if (!is_read || !host || host->host.empty())
    return make_reply(req, http::status::forbidden,
                      "this server is to be asked by https");
  auto where = "https://" + std::string{host->host};
  if (auto port = port_of(core); port != default_port("https"))
    where += ":" + std::to_string(port);
  where += target.path;
  if (!target.query.empty())
    where.append("?").append(target.query);
  auto res = make_reply(req, http::status::permanent_redirect,
                        "this is served by https: " + where);
  res.set(http::field::location, where);
  return res;
}

void require_security(http_reply& what, const request_peer& peer,
                      const server_options& options) {
  auto time = std::chrono::floor<std::chrono::seconds>(options.tls.hsts);
  // In the clear it would be anybody's word (RFC 6797, 7.2).
  if (peer.secure && time.count() > 0)
    what.set(http::field::strict_transport_security,
             "max-age=" + std::to_string(time.count()));
}

} // namespace flamigo::detail
