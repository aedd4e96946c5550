#pragma once

#include <caf/fwd.hpp>

namespace flamigo {

class bus;
class strategy_registry;

/// What every call of one application can reach. Outlives its actors.
struct services {
  caf::actor_system& system;
  strategy_registry& strategies;
  flamigo::bus& bus;
};

} // namespace flamigo
