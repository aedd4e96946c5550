#pragma once

#include <string_view>

#include "flamigo/http/detail/http_reply.hpp"
#include "flamigo/http/detail/parsed_request.hpp"
#include "flamigo/http/detail/request_peer.hpp"
#include "flamigo/http/http.hpp"
#include "flamigo/http/server_options.hpp"

namespace flamigo::detail {

/// The headers by which a page of another origin may read the response, with
/// its credentials; none where no page asks. The origin was checked.
http_headers cross_origin_headers(const parsed_request& req);

/// Whether a page asks what it may send (Fetch, 4.8).
bool is_preflight(const parsed_request& req);

/// The answer, by which it may send what it has asked for with one of these
/// methods. The origin was checked, and is for `allow_page` to name.
http_response preflight(const parsed_request& req, std::string_view methods);

/// The same with `cross_origin_headers`, for what takes GET and POST.
http_response preflight(const parsed_request& req);

/// Lets the page that has sent the request read this response, whatever it
/// says: with its credentials where the options name its origin, without them
/// where they let any in. Nothing where they name none, and where the response
/// says already who may.
void allow_page(http_reply& res, const parsed_request& req,
                const request_peer& peer, const server_options& options);

} // namespace flamigo::detail
