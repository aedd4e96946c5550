#pragma once

#include "flamigo/engineio/engine_options.hpp"
#include "flamigo/http/detail/server_core.hpp"
#include "flamigo/http/detail/session_registry.hpp"

namespace flamigo::detail {

class engine_service;
class engine_session;

/// What the sessions of an endpoint share. Does not change while it serves, but
/// for the sessions.
struct engine_core {
  server_core& server;
  engine_options options;
  /// What speaks above them.
  engine_service& service;
  session_registry<engine_session> sessions = {};
};

} // namespace flamigo::detail
