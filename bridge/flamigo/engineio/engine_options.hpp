#pragma once

#include <chrono>
#include <string>

#include <caf/timespan.hpp>

namespace flamigo {

/// How Engine.IO 4 is spoken. What a connection may cost is in
/// `server_options`: a message, and so the body of a POST, has at most
/// `max_message_bytes`, and what waits to be polled `max_backlog_bytes`.
struct engine_options {
  /// Path of the endpoint, exactly. Begins with a slash.
  std::string path = "/socket.io/";

  /// Time from a client's sign of life to the next ping.
  caf::timespan ping_interval = std::chrono::seconds{25};

  /// Time that a client has to answer a ping. Then its session ends.
  caf::timespan ping_timeout = std::chrono::seconds{20};

  /// Time that an upgrade may take. Then the session stays with polling.
  caf::timespan upgrade_timeout = std::chrono::seconds{10};

  /// Name of a cookie that carries the session's id, for proxies that send
  /// all of a client's requests to one server; none if empty.
  std::string cookie = {};
};

} // namespace flamigo
