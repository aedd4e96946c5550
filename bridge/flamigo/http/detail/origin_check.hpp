#pragma once

#include <optional>

#include "flamigo/http/detail/http_reply.hpp"
#include "flamigo/http/detail/request_peer.hpp"
#include "flamigo/http/server_options.hpp"

namespace flamigo::detail {

/// Whether the page that has sent this request may connect, by its origin.
bool is_welcome(const parsed_request& req, const request_peer& peer,
                const server_options& options);

/// The response, 403, to a request of a page that may not connect; nothing for
/// any other request. One without the header `Origin` is no page's.
std::optional<http_reply> check_origin(const parsed_request& req,
                                       const request_peer& peer,
                                       const server_options& options);

} // namespace flamigo::detail
