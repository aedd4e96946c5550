#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/timespan.hpp>

#include "flamigo/blocking/blocking_pool.hpp"
#include "flamigo/bus/bus.hpp"
#include "flamigo/context/services.hpp"
#include "flamigo/domain/domain_health.hpp"
#include "flamigo/presence/memory_presence.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/testing/detail/test_unit.hpp"

namespace flamigo::testing {

/// An actor system in which nothing runs until a test says so, on clocks that
/// move only when a test moves them. Everything happens on the test's thread.
///
/// This is the ground that `app` stands on; by itself it is for tests of actors
/// that have no connections.
class actor_fixture {
  struct test_config : caf::actor_system_config {
    test_config();
  };

  test_config config_;

public:
  /// Of the clock by which the proofs of users expire.
  using wall_time = std::chrono::system_clock::time_point;

  actor_fixture();

  actor_fixture(const actor_fixture&) = delete;

  actor_fixture& operator=(const actor_fixture&) = delete;

  ~actor_fixture();

  // -- the end ----------------------------------------------------------------

  /// Ends this actor with the fixture.
  void adopt(caf::actor what);

  /// Ends the actors that were adopted, the last one first, and lets them
  /// finish; the clock moves as far as a domain's `on_stop` waits. The
  /// destructor does it; a fixture of your own does it first, in its own
  /// destructor, if its actors use its members. An actor that was not adopted
  /// is left behind, and not waited for.
  void end();

  // -- time -------------------------------------------------------------------

  /// Runs every actor, and all blocking work, until there is nothing left to do
  /// at this time.
  void run();

  /// Moves both clocks, and runs what becomes due on the way, each at its time.
  void advance(caf::timespan by);

  /// What a wall clock shows: the time of day at which the fixture was made,
  /// and from then on as much more as the clock of the actors.
  wall_time now() const noexcept;

  /// Calls this on the next `run`, when the actors have nothing to do.
  void post(std::function<void()> task);

  // -- what strategies and actors need ----------------------------------------

  /// Empty at first.
  strategy_registry strategies;
  /// How the domains are.
  domain_health domains;
  /// Without threads: what blocks runs on the test's thread, when the actors
  /// have nothing to do.
  blocking_pool pool{{.threads = 0}};
  /// What `bus` refers to: made after the system, but there until the last
  /// actor has ended.
  std::optional<flamigo::bus> events;
  /// Its actors run on the test's thread.
  caf::actor_system system;
  /// CAF's test coordinator, for what `run` and `advance` cannot do.
  caf::scheduler::test_coordinator& scheduler;
  /// Stands in for the execution unit of an I/O thread: the test's own.
  detail::test_unit unit;
  /// What strategies and actors reach.
  flamigo::services services{system,   strategies, events.emplace(system),
                             domains,  pool,       std::chrono::seconds{10},
                             &presence};
  /// Who is in which channel.
  memory_presence presence{*events};
  /// The bus of all of it.
  flamigo::bus& bus = *events;

private:
  void end(const caf::actor& what);

  void run_actors();

  /// Whether a timer is due then.
  bool is_due(caf::actor_clock::time_point by);

  /// One thing that is not an actor's; false if there is none.
  bool run_other();

  wall_time began_ = std::chrono::system_clock::now();
  caf::actor_clock::time_point origin_ = scheduler.clock().now();
  std::deque<std::function<void()>> tasks_;
  std::vector<caf::actor> adopted_;
};

} // namespace flamigo::testing
