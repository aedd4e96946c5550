#pragma once

#include "flamigo/http/detail/parsed_request.hpp"
#include "flamigo/http/http.hpp"

namespace flamigo::detail {

/// The headers by which a page of another origin may read the response, with
/// its credentials; none where no page asks. The origin was checked.
http_headers cross_origin_headers(const parsed_request& req);

/// The answer to a page that asks what it may send.
http_response preflight(const parsed_request& req);

} // namespace flamigo::detail
