#include "flamigo/http/detail/request_peer.hpp"

#include "flamigo/http/detail/forwarded_client.hpp"
#include "flamigo/io/detail/address.hpp"

namespace flamigo::detail {

request_peer peer_at(const net::ip::tcp::endpoint& where,
                     const std::vector<network>& trusted) {
  return {.address = address_of(where),
          .endpoint = where,
          .is_proxy = contains(trusted, where.address()),
          .client = where.address()};
}

void name_client(request_peer& proxy, const parsed_request& req,
                 const std::vector<network>& trusted) {
  auto named = forwarded_client(req, trusted);
  proxy.client = named ? *named : proxy.endpoint.address();
  if (!named)
    proxy.address = address_of(proxy.endpoint);
  else if (named->is_v6())
    proxy.address = "[" + named->to_string() + "]";
  else
    proxy.address = named->to_string();
}

} // namespace flamigo::detail
