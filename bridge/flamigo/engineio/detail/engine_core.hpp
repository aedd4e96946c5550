#pragma once

#include "flamigo/engineio/detail/engine_registry.hpp"
#include "flamigo/engineio/engine_options.hpp"
#include "flamigo/http/detail/server_core.hpp"

namespace flamigo::detail {

class engine_service;

/// What the sessions of an endpoint share. Does not change while it serves, but
/// for the sessions.
struct engine_core {
  server_core& server;
  engine_options options;
  /// What speaks above them.
  engine_service& service;
  engine_registry sessions = {};
};

} // namespace flamigo::detail
