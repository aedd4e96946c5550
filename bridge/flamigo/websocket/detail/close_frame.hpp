#pragma once

#include <boost/beast/websocket/rfc6455.hpp>

#include "flamigo/io/detail/asio.hpp"
#include "flamigo/wire/close_reason.hpp"

namespace flamigo::detail {

/// The content of a close frame of ours: a longer reason is cut at the end of a
/// character.
beast::websocket::close_reason close_frame_of(const close_reason& why);

/// What a peer's close frame says.
close_reason reason_of(const beast::websocket::close_reason& frame);

/// What an error of the stream or the socket comes to.
close_reason reason_of(error_code ec);

} // namespace flamigo::detail
