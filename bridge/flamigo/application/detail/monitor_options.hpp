#pragma once

#include "flamigo/http/server_options.hpp"
#include "flamigo/monitoring/metrics_options.hpp"

namespace flamigo::detail {

/// How the port for metrics is served: by one thread, to a few who ask. One
/// that is silent is not waited for, since it may ask by another connection.
inline server_options monitor_options(const metrics_options& what) {
  server_options result;
  result.host = what.address;
  result.port = what.port;
  result.threads = 1;
  result.websocket = false;
  result.max_connections = 64;
  result.handshake_timeout = std::chrono::seconds{2};
  result.drain_timeout = std::chrono::seconds{1};
  return result;
}

} // namespace flamigo::detail
