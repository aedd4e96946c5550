#pragma once

#include <optional>

#include "flamigo/http/detail/http_reply.hpp"
#include "flamigo/http/detail/parsed_request.hpp"

namespace flamigo::detail {

/// The response to a request of which nobody can say where it ends, or each
/// server on its way something else (RFC 9112, 6.1 and 6.3): 400, or 501 for a
/// coding that we do not know. It is the last one of its connection. Nothing
/// for any other request.
std::optional<http_reply> check_framing(const parsed_request& req);

/// Makes one line of each list that a request has in several ones (RFC 9110,
/// 5.3), since Beast looks at the first.
void join_lists(parsed_request& req);

} // namespace flamigo::detail
