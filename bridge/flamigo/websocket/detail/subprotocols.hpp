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
  for (; i != end; ++i) {
    std::string_view rest = i->value();
    while (!rest.empty()) {
      auto comma = rest.find(',');
      f(trim(rest.substr(0, comma)));
      rest.remove_prefix(comma == rest.npos ? rest.size() : comma + 1);
    }
  }
}

} // namespace flamigo::detail
