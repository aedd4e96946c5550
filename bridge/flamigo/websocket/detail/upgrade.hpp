#pragma once

#include <optional>
#include <string>

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "flamigo/claims/claims.hpp"
#include "flamigo/http/detail/server_core.hpp"
#include "flamigo/io/detail/asio.hpp"

namespace flamigo::detail {

using upgrade_request = beast::http::request<beast::http::string_body>;

/// The response that refuses a request on the WebSocket's path, or nothing when
/// it may be upgraded.
std::optional<beast::http::response<beast::http::string_body>>
check_upgrade(const upgrade_request& req, const server_options& options);

/// What is known of the peer that sent this request.
claims_ptr claims_of(const upgrade_request& req, const server_core& core,
                     std::string remote_address);

/// "address:port" of the peer.
std::string address_of(const net::ip::tcp::endpoint& peer);

} // namespace flamigo::detail
