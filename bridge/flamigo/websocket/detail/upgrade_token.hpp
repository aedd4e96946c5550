#pragma once

#include <string>
#include <string_view>

#include "flamigo/http/detail/parsed_request.hpp"

namespace flamigo::detail {

/// The token that a client shows when it connects, or an empty text: from an
/// `Authorization: Bearer` header (RFC 6750, 2.1), else from a subprotocol
/// `bearer.<token>`, which is what a page in a browser can set, else from the
/// cookie of that name. A cookie comes last, since the client may not even know
/// that it sends it.
std::string token_of(const parsed_request& req, std::string_view cookie);

/// Whether a subprotocol `bearer.<token>` has a token with characters that a
/// subprotocol cannot have (RFC 6455, 4.1; RFC 9110, 5.6.2), such as `=` and
/// `/`: no browser sends it.
bool has_impossible_token(const parsed_request& req);

} // namespace flamigo::detail
