#pragma once

#include <cstdint>
#include <string>

#include "flamigo/io/detail/asio.hpp"

namespace flamigo::detail {

/// "address:port" of a peer; an IPv6 address stands in brackets.
std::string address_of(const net::ip::tcp::endpoint& peer);

/// The same of a name or an address.
std::string address_of(const std::string& host, std::uint16_t port);

} // namespace flamigo::detail
