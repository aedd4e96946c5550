#include "flamigo/http/detail/origin_check.hpp"

#include <algorithm>

#include "flamigo/http/detail/authority.hpp"
#include "flamigo/http/detail/host_check.hpp"
#include "flamigo/http/detail/origin.hpp"

namespace flamigo::detail {

namespace http = beast::http;

namespace {

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

} // namespace

bool is_welcome(const parsed_request& req, const request_peer& peer,
                const server_options& options) {
  auto page = parse_origin(req[http::field::origin]);
  return page
         && (is_own(*page, host_of(req), scheme_of(req, peer, options))
             || is_allowed(*page, options));
}

std::optional<http_reply> check_origin(const parsed_request& req,
                                       const request_peer& peer,
                                       const server_options& options) {
  if (req.count(http::field::origin) == 0)
    return std::nullopt;
  auto& allowed = options.allowed_origins;
  if (std::find(allowed.begin(), allowed.end(), "*") != allowed.end())
    return std::nullopt;
  if (is_welcome(req, peer, options))
    return std::nullopt;
  auto page = parse_origin(req[http::field::origin]);
  auto why = page && is_own(*page, host_of(req), page->scheme)
               ? "this page came by another scheme than the connection, as far "
                 "as the server knows; does the proxy send X-Forwarded-Proto? "
                 "See the option public-scheme"
               : "pages of this origin may not connect; see the option "
                 "allowed-origins";
  return make_reply(req, http::status::forbidden, why);
}

} // namespace flamigo::detail
