#pragma once

#include <optional>

#include "flamigo/http/detail/http_reply.hpp"
#include "flamigo/http/detail/request_peer.hpp"
#include "flamigo/http/detail/server_core.hpp"

namespace flamigo::detail {

/// What sends a plain request to the port of TLS, where the options say so;
/// nothing for a request that is served. Its host was checked.
std::optional<http_reply> redirect_of(const parsed_request& req,
                                      const request_peer& peer,
                                      const server_core& core);

/// Has browsers come by TLS only from now on (RFC 6797, 6.1), where the options
/// say so.
void require_security(http_reply& what, const request_peer& peer,
                      const server_options& options);

} // namespace flamigo::detail
