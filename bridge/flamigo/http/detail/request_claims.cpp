#include "flamigo/http/detail/request_claims.hpp"

namespace flamigo::detail {

claims request_claims(const parsed_request& req, const server_core& core,
                      const request_peer& peer) {
  claims result;
  result.type = claims_type::http;
  result.interface = peer.secure ? core.secure_interface : core.interface;
  result.remote_address = peer.address;
  if (peer.certificate)
    result.certificate = *peer.certificate;
  for (auto& name : core.options.kept_headers)
    for (auto [i, end] = req.equal_range(name); i != end; ++i)
      result.headers.emplace_back(name, std::string{i->value()});
  return result;
}

} // namespace flamigo::detail
