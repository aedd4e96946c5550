#pragma once

#include <string>

#include "flamigo/http/http.hpp"

namespace flamigo::detail {

/// Why what a handler answers cannot be sent, as the end of a sentence for the
/// log; empty when it can. A line break in a header would begin another one, or
/// another response, and a length that is not true would end this one at the
/// wrong place. `in_pieces` is one whose body comes later.
std::string flaw_of(const http_response& what, bool in_pieces = false);

} // namespace flamigo::detail
