#pragma once

#include <boost/beast/websocket/stream.hpp>

#include "flamigo/http/detail/parsed_request.hpp"
#include "flamigo/websocket/detail/memory_layer.hpp"

namespace flamigo::detail {

/// What answers an upgrade, and compresses.
using websocket_stream = beast::websocket::stream<memory_layer>;

/// What reads frames, none of which is compressed (`frame_inflater`).
using reading_stream = beast::websocket::stream<memory_layer, false>;

/// Answers the upgrade, or, with an error, with the HTTP status that says why
/// not. Returns whether messages are compressed: where the client has offered
/// that, if we want it.
bool answer_upgrade(websocket_stream& to, const parsed_request& req,
                    bool compression, error_code& ec);

/// Opens one for nobody in particular, as if a plain upgrade had been answered.
void open_silently(reading_stream& to);

} // namespace flamigo::detail
