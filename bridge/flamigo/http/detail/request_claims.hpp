#pragma once

#include "flamigo/claims/claims.hpp"
#include "flamigo/http/detail/parsed_request.hpp"
#include "flamigo/http/detail/request_peer.hpp"
#include "flamigo/http/detail/server_core.hpp"

namespace flamigo::detail {

/// What is known of whoever has sent this request, whatever he wants. The type
/// is that of plain HTTP.
claims request_claims(const parsed_request& req, const server_core& core,
                      const request_peer& peer);

} // namespace flamigo::detail
