#pragma once

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include "flamigo/actors/client_options.hpp"

namespace flamigo {

class strategy_registry;

/// What all connection actors share. It outlives them and does not change.
struct client_environment {
  caf::actor_system& system;
  const strategy_registry& strategies;
  client_options options;
  /// Is told of every connection actor and monitors it.
  caf::actor roster;
};

} // namespace flamigo
