#pragma once

#include <boost/beast/websocket/stream.hpp>

#include "flamigo/http/detail/parsed_request.hpp"
#include "flamigo/http/server_options.hpp"
#include "flamigo/websocket/detail/memory_layer.hpp"

namespace flamigo::detail {

/// What answers an upgrade.
using websocket_stream = beast::websocket::stream<memory_layer>;

/// What reads frames, none of which is compressed (`frame_inflater`).
using reading_stream = beast::websocket::stream<memory_layer, false>;

/// How messages to a client are compressed, as was agreed (RFC 7692, 7.1).
struct compression {
  /// 9 to 15; 0 where they are not.
  int window_bits = 0;
  /// Whether they build on those before.
  bool has_context = false;
};

/// Answers the upgrade, or, with an error, with the HTTP status that says why
/// not. Agrees to compression where the client has offered it, if we want it.
compression answer_upgrade(websocket_stream& to, const parsed_request& req,
                           const server_options& wanted, error_code& ec);

/// Opens one for nobody in particular, as if a plain upgrade had been answered.
void open_silently(reading_stream& to);

} // namespace flamigo::detail
