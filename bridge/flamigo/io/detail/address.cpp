#include "flamigo/io/detail/address.hpp"

namespace flamigo::detail {

std::string address_of(const net::ip::tcp::endpoint& peer) {
  auto address = peer.address().to_string();
  if (peer.address().is_v6())
    address = "[" + address + "]";
  return address + ":" + std::to_string(peer.port());
}

} // namespace flamigo::detail
