#pragma once

#include <boost/beast/websocket/stream.hpp>

#include "flamigo/http/detail/parsed_request.hpp"
#include "flamigo/http/server_options.hpp"
#include "flamigo/websocket/detail/compression.hpp"
#include "flamigo/websocket/detail/memory_layer.hpp"

namespace flamigo::detail {

/// What answers an upgrade, and what reads frames. It knows nothing of
/// compression (`agree`, `frame_inflater`, `frame_deflater`).
using websocket_stream = beast::websocket::stream<memory_layer, false>;

/// Answers the upgrade, or, with an error, with the HTTP status that says why
/// not. Agrees to compression where the client has offered it, if we want it.
compression answer_upgrade(websocket_stream& to, const parsed_request& req,
                           const server_options& wanted, error_code& ec);

/// Opens one for nobody in particular, as if a plain upgrade had been answered.
void open_silently(websocket_stream& to);

} // namespace flamigo::detail
