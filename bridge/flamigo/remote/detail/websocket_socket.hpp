#pragma once

#include <memory>

#include <boost/asio/ssl/context.hpp>

#include "flamigo/io/detail/asio.hpp"
#include "flamigo/remote/detail/remote_socket.hpp"
#include "flamigo/remote/detail/remote_url.hpp"
#include "flamigo/remote/remote_options.hpp"

namespace flamigo::detail {

/// Whom TLS trusts, as the options say. Throws std::runtime_error, with a
/// sentence, for a file that cannot be read.
std::shared_ptr<net::ssl::context> remote_trust(const remote_options& options);

/// Opens a WebSocket of Beast's on this thread.
std::unique_ptr<remote_socket>
open_websocket(net::io_context& on, const remote_url& where,
               const remote_options& options,
               const std::shared_ptr<net::ssl::context>& trust,
               remote_socket_events& events);

} // namespace flamigo::detail
