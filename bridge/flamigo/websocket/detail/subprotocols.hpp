#pragma once

#include <string_view>

#include "flamigo/http/detail/http_syntax.hpp"
#include "flamigo/http/detail/parsed_request.hpp"

namespace flamigo::detail {

/// Calls `f` with each subprotocol that a client offers. The header may stand
/// there more than once (RFC 6455, 4.1).
template <class F>
void for_each_subprotocol(const parsed_request& req, F f) {
  auto [i, end] = req.equal_range(beast::http::field::sec_websocket_protocol);
  for (; i != end; ++i)
    for_each_element(i->value(), f);
}

} // namespace flamigo::detail
