#include "flamigo/io/detail/address.hpp"

namespace flamigo::detail {

std::string address_of(const net::ip::tcp::endpoint& peer) {
  return address_of(peer.address().to_string(), peer.port());
}

std::string address_of(const std::string& host, std::uint16_t port) {
  auto is_v6 = host.find(':') != std::string::npos;
  return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

} // namespace flamigo::detail
