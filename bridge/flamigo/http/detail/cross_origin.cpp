#include "flamigo/http/detail/cross_origin.hpp"

#include <algorithm>
#include <string>

#include "flamigo/http/detail/origin_check.hpp"

namespace flamigo::detail {

namespace http = beast::http;

http_headers cross_origin_headers(const parsed_request& req) {
  if (req.count(http::field::origin) == 0)
    return {};
  // With credentials it has to be this very origin.
  return {{"Access-Control-Allow-Origin",
           std::string{req[http::field::origin]}},
          {"Access-Control-Allow-Credentials", "true"},
          {"Vary", "Origin"}};
}

bool is_preflight(const parsed_request& req) {
  return req.method() == http::verb::options
         && req.count(http::field::origin) > 0
         && req.count(http::field::access_control_request_method) > 0;
}

http_response preflight(const parsed_request& req) {
  auto result = preflight(req, "GET, POST");
  auto who = cross_origin_headers(req);
  result.headers.insert(result.headers.begin(), who.begin(), who.end());
  return result;
}

http_response preflight(const parsed_request& req, std::string_view methods) {
  http_response result{.status = 204, .content_type = {}};
  result.headers.emplace_back("Access-Control-Allow-Methods", methods);
  if (auto wanted = req[http::field::access_control_request_headers];
      !wanted.empty())
    result.headers.emplace_back("Access-Control-Allow-Headers",
                                std::string{wanted});
  result.headers.emplace_back("Access-Control-Max-Age", "600");
  return result;
}

void allow_page(http_reply& res, const parsed_request& req,
                const request_peer& peer, const server_options& options) {
  constexpr auto who = http::field::access_control_allow_origin;
  auto& allowed = options.allowed_origins;
  if (allowed.empty() || res.count(who) > 0)
    return;
  if (std::find(allowed.begin(), allowed.end(), "*") != allowed.end()) {
    // Not with credentials: of those pages of any origin have no business.
    res.set(who, "*");
    return;
  }
  // Also where no page has asked: a cache keeps it for those who do.
  res.insert(http::field::vary, "Origin");
  if (req.count(http::field::origin) == 0 || !is_welcome(req, peer, options))
    return;
  res.set(who, req[http::field::origin]);
  res.set(http::field::access_control_allow_credentials, "true");
}

} // namespace flamigo::detail
