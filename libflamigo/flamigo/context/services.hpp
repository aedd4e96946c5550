#pragma once

#include <caf/fwd.hpp>

namespace flamigo {

class bus;
class strategy_registry;

/// What every call of one application can reach. Outlives its actors.
struct services {
  /// Where its actors live.
  caf::actor_system& system;
  /// Filled before serving.
  strategy_registry& strategies;
  /// Where its events go.
  flamigo::bus& bus;
};

} // namespace flamigo
