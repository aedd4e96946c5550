#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "flamigo/http/detail/accept_rate.hpp"
#include "flamigo/http/detail/http_callers.hpp"
#include "flamigo/http/detail/network.hpp"
#include "flamigo/http/http_routes.hpp"
#include "flamigo/http/server_options.hpp"
#include "flamigo/io/detail/address_table.hpp"

namespace flamigo {

struct authentication;

} // namespace flamigo

namespace flamigo::detail {

class endpoint;

/// What the sockets of a server share. Read-only while it serves, except for
/// the count.
struct server_core {
  server_options options;
  http_routes routes;
  /// "host:port" of the listener, part of the claims.
  std::string interface;
  /// Whether clients are told traces, see `client_options`.
  bool expose_traces = false;
  /// By their paths, which come before those of the routes.
  std::vector<std::pair<std::string, endpoint*>> endpoints = {};

  /// Null where clients need not authenticate.
  const authentication* auth = nullptr;

  /// Body of a request to an endpoint; others have a limit of their own.
  std::size_t max_body_bytes = 65'536;

  /// The same of the one that speaks TLS.
  std::string secure_interface = {};

  /// Its port, where there is one.
  std::uint16_t secure_port = 0;

  /// Whose word counts for who the client is: those of the options.
  std::vector<network> trusted_proxies = {};

  /// Connections of each address, where the options bound them.
  address_table addresses = {};

  /// Those that come in a second, where the options bound them.
  accept_rate accepts = {};

  /// How often each may ask for what has limits.
  http_callers callers = {};

  /// Sockets that are open.
  std::atomic<std::size_t> open = 0;

  /// Listeners that are open.
  std::atomic<std::size_t> listening = 0;

  std::atomic<bool> draining = false;

  /// Nothing more is begun.
  std::atomic<bool> cutting = false;
};

/// Counts one socket for as long as it lives.
class open_ticket {
public:
  explicit open_ticket(server_core& core) : core_(core) {
    ++core_.open;
  }

  open_ticket(const open_ticket&) = delete;

  open_ticket& operator=(const open_ticket&) = delete;

  ~open_ticket() {
    --core_.open;
  }

private:
  server_core& core_;
};

} // namespace flamigo::detail
