#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <caf/timespan.hpp>

#include "flamigo/tls/tls_options.hpp"

namespace flamigo {

/// Where a server listens and what a connection may cost it. Read once, when
/// the server starts. All sizes are in bytes.
struct server_options {
  // -- listening --------------------------------------------------------------

  /// Name or address to listen on. `0.0.0.0` or `::` means all interfaces.
  std::string host = "127.0.0.1";

  /// TCP port; 0 takes any that is free.
  std::uint16_t port = 8080;

  /// Number of I/O threads; 0 means one for each core.
  std::size_t threads = 0;

  /// Whether there is a WebSocket endpoint, or HTTP only. No option of the
  /// command line; see `application::http_only`.
  bool websocket = true;

  /// Path of the WebSocket endpoint. Begins with a slash.
  std::string path = "/ws";

  /// TLS, on a port of its own. Section `tls`.
  tls_options tls;

  // -- what is refused --------------------------------------------------------

  /// Connections that are open at the same time, over all threads. One more is
  /// answered with HTTP 503.
  std::size_t max_connections = 100'000;

  /// Connections of one address, or of one network of 64 bits of IPv6, that are
  /// open at the same time; 0 is any number. One more is answered with HTTP
  /// 429, or closed before the TLS handshake. Those of a trusted proxy count
  /// for its clients, while they are WebSockets or wait for what comes later;
  /// sessions of Engine.IO that poll count besides the sockets of their polls.
  std::size_t max_connections_per_address = 0;

  /// Connections that are accepted in a second, over all threads; 0 is any
  /// number. One more is answered with HTTP 503, or closed before the TLS
  /// handshake.
  std::size_t max_accepts = 0;

  /// Size of a message from a client, all its fragments together. A larger one
  /// closes the connection with 1009.
  std::size_t max_message_bytes = 65'536;

  /// Size of the request line and headers of an HTTP request, 65,536 at most. A
  /// larger one is answered with HTTP 431.
  std::size_t max_header_bytes = 8'192;

  /// Names and addresses that clients may reach the server by, as they stand in
  /// the `Host` header, e.g. `example.org` or `[::1]`; with a port, only by
  /// that one. A request by another is answered with HTTP 421. Empty means any,
  /// and then a page may reach the server by a name of its own (DNS rebinding).
  std::vector<std::string> allowed_hosts;

  /// Origins that browsers may connect from, besides the server's own, e.g.
  /// `https://example.org` or `http://localhost:3000`; `*` means any. A request
  /// from elsewhere is answered with HTTP 403. Requests without an `Origin`
  /// header do not come from a browser's page and are not checked.
  std::vector<std::string> allowed_origins;

  /// Scheme by which clients reach the server, `http` or `https`: a page that
  /// came by another is not of its own origin. `auto` is what a proxy says in
  /// `X-Forwarded-Proto`, else that of the port.
  std::string public_scheme = "auto";

  /// Addresses and networks of proxies, e.g. `10.0.0.0/8` or `::1`. What these
  /// say of a client in `X-Forwarded-For` or `Forwarded` (RFC 7239) is its
  /// address; of what others say there nothing is believed.
  std::vector<std::string> trusted_proxies;

  /// Whether each connection from one of them begins with a header of the PROXY
  /// protocol, version 1 or 2, before TLS as well. What others say is never
  /// taken for one.
  bool proxy_protocol = false;

  // -- time limits ------------------------------------------------------------

  /// From the accepted connection, or the response before, to the complete HTTP
  /// request, however it comes. Then the socket is closed.
  caf::timespan handshake_timeout = std::chrono::seconds{10};

  /// Time without a frame from the client after which it is pinged.
  caf::timespan ping_interval = std::chrono::seconds{25};

  /// Time that a client has to answer a ping. Then it is closed with 3012.
  caf::timespan pong_timeout = std::chrono::seconds{10};

  /// Time for which output may wait without the client taking any of it. Then
  /// the client is closed with 3008, or cut where it is an HTTP response: that
  /// may take as long as it makes progress.
  caf::timespan backlog_timeout = std::chrono::seconds{10};

  /// Time that a client has to answer a close frame. Then the socket is closed.
  caf::timespan close_timeout = std::chrono::seconds{5};

  /// Time from the signal to stop until what is left is cut; 0 cuts at once.
  caf::timespan drain_timeout = std::chrono::seconds{10};

  // -- a connection's insides -------------------------------------------------

  /// Output that may wait for a client to take it. Beyond it the client is
  /// closed with 3008 and nothing more is written to it.
  std::size_t max_backlog_bytes = 1'048'576;

  /// Names of the handshake's headers that become part of the claims, in any
  /// case. Empty keeps none.
  std::vector<std::string> kept_headers;

  /// Whether permessage-deflate (RFC 7692) is agreed to when a client offers
  /// it. An event is compressed once for all who hear it on a thread; a
  /// connection needs 6 KB more.
  bool compression = false;

  /// Whether compressed messages to a client build on those before, unless it
  /// asks for the contrary (RFC 7692, 7.1.1.1). They are smaller then, several
  /// times where they are alike; but each client has its own, and keeps 90 KB
  /// for it.
  bool compression_context = false;
};

} // namespace flamigo
