#pragma once

#include "flamigo/client/client_environment.hpp"
#include "flamigo/http/detail/server_core.hpp"
#include "flamigo/http/detail/session_registry.hpp"
#include "flamigo/sse/sse_options.hpp"

namespace flamigo::detail {

class sse_client;

/// What all clients of server-sent events share. Does not change while it
/// serves, but for the clients.
struct sse_core {
  server_core& server;
  const client_environment& env;
  sse_options options;
  session_registry<sse_client> sessions = {};
};

} // namespace flamigo::detail
