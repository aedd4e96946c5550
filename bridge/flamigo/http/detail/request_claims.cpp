#include "flamigo/http/detail/request_claims.hpp"

#include <utility>

namespace flamigo::detail {

claims request_claims(const parsed_request& req, const server_core& core,
                      std::string remote_address) {
  claims result;
  result.type = claims_type::http;
  result.interface = core.interface;
  result.remote_address = std::move(remote_address);
  for (auto& name : core.options.kept_headers)
    for (auto [i, end] = req.equal_range(name); i != end; ++i)
      result.headers.emplace_back(name, std::string{i->value()});
  return result;
}

} // namespace flamigo::detail
