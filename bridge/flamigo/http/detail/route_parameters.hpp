#pragma once

#include <caf/error.hpp>

#include "flamigo/http/detail/http_route.hpp"
#include "flamigo/http/http.hpp"

namespace flamigo::detail {

/// Decodes what stands in the path and in the query of a request for a route.
/// Fails where one of them is wrongly encoded.
caf::error decode_parameters(http_request& request, const found_route& where);

} // namespace flamigo::detail
