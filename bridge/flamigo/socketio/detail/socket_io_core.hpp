#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "flamigo/client/client_environment.hpp"
#include "flamigo/http/detail/server_core.hpp"
#include "flamigo/socketio/detail/kept_clients.hpp"
#include "flamigo/socketio/detail/socket_io_format.hpp"
#include "flamigo/socketio/socket_io_options.hpp"

namespace flamigo::detail {

/// What all sessions of Socket.IO share. Does not change while it serves.
struct socket_io_core {
  /// That which always exists.
  static constexpr std::string_view main_namespace = "/";

  server_core& server;
  caf::timespan connect_timeout;
  bool keep_auth = false;
  std::size_t max_attachments = 32;
  /// The main one among them, and what its connection actors share.
  std::map<std::string, client_environment, std::less<>> namespaces = {};
  /// Null if nobody is recovered.
  std::unique_ptr<kept_clients> kept = nullptr;
  /// How events and acknowledgements are spelt.
  const wire_format* format = &socket_io_format();
};

} // namespace flamigo::detail
