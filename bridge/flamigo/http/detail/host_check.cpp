#include "flamigo/http/detail/host_check.hpp"

#include <algorithm>
#include <string>

#include <boost/beast/core/string.hpp>

#include "flamigo/http/detail/authority.hpp"
#include "flamigo/http/detail/http_syntax.hpp"
#include "flamigo/http/detail/request_target.hpp"

namespace flamigo::detail {

namespace http = beast::http;

namespace {

/// A name without a port stands for every port: behind a proxy it is not ours.
bool is_named(const authority& host, std::string_view allowed,
              std::string_view scheme) {
  auto wanted = parse_authority(allowed);
  if (!wanted || !is_same_host(wanted->host, host.host))
    return false;
  return wanted->port == 0
         || wanted->port == (host.port != 0 ? host.port : default_port(scheme));
}

} // namespace

std::optional<http_reply> check_host(const parsed_request& req,
                                     const request_peer& peer,
                                     const server_options& options) {
  auto count = req.count(http::field::host);
  auto host = parse_authority(host_of(req));
  if (!host || count > 1 || (count == 0 && req.version() >= 11))
    return make_reply(req, http::status::bad_request,
                      "a request has one header Host, such as example.org");
  auto& allowed = options.allowed_hosts;
  if (allowed.empty()
      || std::any_of(allowed.begin(), allowed.end(), [&](auto& name) {
           return is_named(*host, name, scheme_of(req, peer, options));
         }))
    return std::nullopt;
  // Not 403, since it is not the client that may not (RFC 9110, 15.5.20).
  return make_reply(req, http::status::misdirected_request,
                    "this server does not go by that name; see the option "
                    "allowed-hosts");
}

std::string_view host_of(const parsed_request& req) {
  auto target = parse_target(req.target());
  return target.authority.empty() ? std::string_view{req[http::field::host]}
                                  : target.authority;
}

void replace_host(parsed_request& req) {
  auto target = parse_target(req.target());
  if (!target.authority.empty())
    req.set(http::field::host, target.authority);
}

std::string_view scheme_of(const parsed_request& req, const request_peer& peer,
                           const server_options& options) {
  if (options.public_scheme != "auto")
    return options.public_scheme;
  // Of several proxies, the first is the one that the client has reached. No
  // page can send this header with an upgrade, and whoever is no browser need
  // not send an `Origin`: so nobody wins by a lie.
  std::string_view said = req["X-Forwarded-Proto"];
  said = trim(said.substr(0, said.find(',')));
  if (said.empty())
    return peer.secure ? "https" : "http";
  if (beast::iequals(said, "http") || beast::iequals(said, "ws"))
    return "http";
  if (beast::iequals(said, "https") || beast::iequals(said, "wss"))
    return "https";
  return {};
}

} // namespace flamigo::detail
