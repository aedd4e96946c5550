#pragma once

#include <string>

#include <caf/error.hpp>

#include "flamigo/http/detail/http_route.hpp"
#include "flamigo/http/http.hpp"

namespace flamigo {

class strategy;

} // namespace flamigo

namespace flamigo::detail {

/// Decodes what stands in the path and in the query of a request for a route.
/// Fails where one of them is wrongly encoded.
caf::error decode_parameters(http_request& request, const found_route& where);

/// What the inputs of a strategy lack for the parameters of a path; empty if
/// each of them is a member that a text can fill.
std::string missing_member(const http_route& route, const strategy& what);

} // namespace flamigo::detail
