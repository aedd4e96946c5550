#pragma once

#include <functional>
#include <optional>

#include <caf/actor.hpp>

#include "flamigo/auth/authentication.hpp"
#include "flamigo/client/client_options.hpp"
#include "flamigo/context/services.hpp"

namespace flamigo {

class client;

/// What all connection actors share. It outlives them and does not change.
struct client_environment {
  /// What the strategies of the application reach.
  const services& application;
  /// The limits of each connection.
  client_options options;
  /// Is told of every connection actor and monitors it.
  caf::actor roster;
  /// Called in each connection actor before its first request, on its thread:
  /// the place to subscribe the client. It must not block. Whatever it throws
  /// closes the connection with 1011.
  /// A client that shows a token when it connects has been authenticated then.
  std::function<void(client&)> on_open = {};
  /// Nothing where clients need not authenticate.
  std::optional<authentication> auth = {};
};

} // namespace flamigo
