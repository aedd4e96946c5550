#pragma once

#include <optional>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_execution_unit.hpp>
#include <caf/timespan.hpp>

#include "flamigo/bus.hpp"
#include "flamigo/services.hpp"
#include "flamigo/strategy_registry.hpp"

namespace flamigo::test {

struct test_config : caf::actor_system_config {
  test_config() {
    set("scheduler.policy", caf::atom("testing"));
  }
};

/// An actor system in which nothing runs until a test says so, on a clock that
/// moves only when a test moves it.
class actor_fixture {
public:
  actor_fixture()
    : system{config}, scheduler(dynamic_cast<caf::scheduler::test_coordinator&>(
                        system.scheduler())),
      unit(&system) {
  }

  /// Runs every actor until no message is left.
  void run() {
    scheduler.run();
  }

  /// Moves the clock, then runs what became due.
  void advance(caf::timespan by) {
    scheduler.advance_time(by);
    run();
  }

  test_config config;
  strategy_registry strategies;
  // Made after the system, but there until the last actor has ended.
  std::optional<flamigo::bus> events;
  caf::actor_system system;
  caf::scheduler::test_coordinator& scheduler;
  /// Stands in for the execution unit of an I/O thread.
  caf::scoped_execution_unit unit;
  flamigo::services services{system, strategies, events.emplace(system)};
  flamigo::bus& bus = *events;
};

} // namespace flamigo::test
