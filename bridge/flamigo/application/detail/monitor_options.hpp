#pragma once

#include <string>
#include <vector>

#include "flamigo/admin/detail/admin_view.hpp"
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

/// The same with the live view. What asks by a name that is neither this
/// machine's nor allowed is no page of ours (DNS rebinding).
inline void add_view(server_options& to, const metrics_options& what,
                     const server_options& of) {
  to.websocket = true;
  to.path = admin_view::path;
  to.allowed_hosts = of.allowed_hosts;
  // A proxy in front of it is most likely that of the program.
  to.public_scheme = of.public_scheme;
  for (auto* name : {"localhost", "127.0.0.1", "[::1]"})
    to.allowed_hosts.emplace_back(name);
  auto is_ipv6 = what.address.find(':') != what.address.npos;
  to.allowed_hosts.push_back(is_ipv6 ? "[" + what.address + "]" : what.address);
}

} // namespace flamigo::detail
