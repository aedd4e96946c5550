#include "flamigo/http/detail/cross_origin.hpp"

#include <string>

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

http_response preflight(const parsed_request& req) {
  http_response result{.status = 204, .content_type = {}};
  result.headers = cross_origin_headers(req);
  result.headers.emplace_back("Access-Control-Allow-Methods", "GET, POST");
  if (auto wanted = req[http::field::access_control_request_headers];
      !wanted.empty())
    result.headers.emplace_back("Access-Control-Allow-Headers",
                                std::string{wanted});
  result.headers.emplace_back("Access-Control-Max-Age", "600");
  return result;
}

} // namespace flamigo::detail
