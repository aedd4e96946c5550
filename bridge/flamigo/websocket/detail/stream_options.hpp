#pragma once

#include <boost/beast/websocket/stream.hpp>

#include "flamigo/http/detail/parsed_request.hpp"
#include "flamigo/websocket/detail/buffered_layer.hpp"

namespace flamigo::detail {

using websocket_stream = beast::websocket::stream<buffered_layer>;

/// What Beast's stream leaves to us, what its handshake says, and whether it
/// compresses, and its layer inflates, where the client offers it.
void configure_stream(websocket_stream& to, const parsed_request& req,
                      bool compression);

} // namespace flamigo::detail
