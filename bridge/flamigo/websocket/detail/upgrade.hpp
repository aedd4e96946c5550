#pragma once

#include <optional>

#include "flamigo/claims/claims.hpp"
#include "flamigo/http/detail/http_reply.hpp"
#include "flamigo/http/detail/request_peer.hpp"
#include "flamigo/http/detail/server_core.hpp"

namespace flamigo::detail {

/// The response that refuses a request on the WebSocket's path, or nothing when
/// it may be upgraded.
std::optional<http_reply> check_upgrade(const parsed_request& req,
                                        const request_peer& peer,
                                        const server_options& options);

/// What is known of the peer that sent this request.
claims_ptr claims_of(const parsed_request& req, const server_core& core,
                     const request_peer& peer);

} // namespace flamigo::detail
