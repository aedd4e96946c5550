#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <caf/error.hpp>
#include <caf/fwd.hpp>

#include "flamigo/client/client_environment.hpp"
#include "flamigo/http/http_routes.hpp"
#include "flamigo/http/server_options.hpp"
#include "flamigo/socketio/socket_io_options.hpp"
#include "flamigo/sse/sse_options.hpp"

namespace flamigo {

/// Listens, and makes a connection actor of every WebSocket. It has I/O threads
/// of its own; each owns the connections that it accepted.
///
/// All calls from one thread, `open` and `port` from any.
class server {
public:
  /// The environment must outlive the server, and the server the last actor of
  /// its system: whoever sends to a connection's actor may reach the thread
  /// that the connection had.
  server(const client_environment& env, server_options options,
         http_routes routes,
         std::optional<socket_io_options> socket_io = std::nullopt,
         std::optional<sse_options> sse = std::nullopt);

  server(const server&) = delete;

  server& operator=(const server&) = delete;

  /// Stops, if that was not done.
  ~server();

  /// Binds and begins to accept, once. Throws std::system_error when the
  /// address cannot be listened on or the threads cannot be started; its text
  /// says what to do, and nothing of the attempt is left. Throws
  /// std::runtime_error, with a sentence, for certificates that cannot be used.
  void start();

  /// Stops accepting, lets the connections answer what is in flight, closes
  /// them with 3001, cuts after `drain_timeout` what is left, and ends the
  /// threads. Returns when all that is done and every connection actor of this
  /// server has ended. `cut_short` is asked every few milliseconds meanwhile;
  /// as soon as it says so, what is left is cut.
  void stop(const std::function<bool()>& cut_short = {});

  /// For the log, once started: where it listens, and what with.
  std::string title() const;

  /// The plain port that is listened on, once started; that of TLS if there is
  /// no other.
  std::uint16_t port() const noexcept;

  /// The port for TLS, once started; 0 if there is none.
  std::uint16_t tls_port() const noexcept;

  /// Reads the certificates again. Connections stay as they are; on error, a
  /// sentence, everything does. No error without TLS.
  caf::error reload_certificates();

  /// The execution unit of an I/O thread, for an actor that is to run beside
  /// the connections; once started. After `stop` it hands actors on to CAF's
  /// scheduler.
  caf::execution_unit* unit() const noexcept;

  /// Sockets that are open, HTTP and WebSocket together.
  std::size_t open() const noexcept;

private:
  struct impl;

  std::unique_ptr<impl> impl_;
};

} // namespace flamigo
