#pragma once

#include <string>

#include "flamigo/io/detail/asio.hpp"

namespace flamigo::detail {

/// "address:port" of a peer; an IPv6 address stands in brackets.
std::string address_of(const net::ip::tcp::endpoint& peer);

} // namespace flamigo::detail
