#pragma once

#include <chrono>

#include <caf/fwd.hpp>
#include <caf/timespan.hpp>

namespace flamigo {

class blocking_pool;
class bus;
class domain_health;
class presence_engine;
class strategy_registry;
class tracer;

/// What every call of one application can reach. Outlives its actors.
struct services {
  /// Where its actors live.
  caf::actor_system& system;
  /// Filled before serving.
  strategy_registry& strategies;
  /// Where its events go.
  flamigo::bus& bus;
  /// How its domains are.
  domain_health& domains;
  /// Where it waits; see `flamigo::blocking`.
  blocking_pool& pool;
  /// What the program gives its own calls, `--request-timeout`: those of domain
  /// actors and listeners, and those with a context that was kept.
  caf::timespan request_timeout = std::chrono::seconds{10};
  /// Who is in which channel; null where nobody can know.
  presence_engine* presence = nullptr;
  /// What records traces; null where none is recorded.
  const tracer* tracing = nullptr;
};

} // namespace flamigo
