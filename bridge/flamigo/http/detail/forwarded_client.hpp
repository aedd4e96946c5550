#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "flamigo/http/detail/network.hpp"
#include "flamigo/http/detail/parsed_request.hpp"

namespace flamigo::detail {

/// Whom a trusted proxy has a request from, as it says: the last address of
/// `X-Forwarded-For`, or else of `Forwarded` (RFC 7239), that is no trusted
/// proxy's, and of whom only those say something; the first one if all are.
/// Nothing if the proxy says nothing that can be read, and it is to be taken
/// for the client itself.
///
/// Where both are there, `Forwarded` does not count: proxies that write the
/// other one, as nearly all do, pass it on as the client has sent it.
std::optional<net::ip::address>
forwarded_client(const parsed_request& req,
                 const std::vector<network>& trusted);

/// The address of a node (RFC 7239, 6), with a port or without: `192.0.2.1`,
/// `192.0.2.1:80`, `[2001:db8::1]:80`, also `2001:db8::1`. Nothing for
/// `unknown` and for names.
std::optional<net::ip::address> address_of_node(std::string_view node);

} // namespace flamigo::detail
