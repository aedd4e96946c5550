#pragma once

#include <optional>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>

#include "flamigo/actors/client_environment.hpp"
#include "flamigo/actors/roster.hpp"
#include "flamigo/bus.hpp"
#include "flamigo/services.hpp"
#include "flamigo/strategy_registry.hpp"

struct world_config : caf::actor_system_config {
  world_config() {
    set("scheduler.policy", caf::atom("testing"));
  }
};

/// All that connections need, without threads, so that the same instructions
/// run each time.
struct world {
  ~world() {
    caf::anon_send_exit(watch.handle(), caf::exit_reason::user_shutdown);
    settle();
    events->stop();
  }

  void settle() {
    scheduler.run();
  }

  world_config config;
  flamigo::strategy_registry strategies;
  std::optional<flamigo::bus> events;
  caf::actor_system system{config};
  caf::scheduler::test_coordinator& scheduler
    = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  flamigo::services services{system, strategies, events.emplace(system)};
  flamigo::roster watch{*events};
  flamigo::client_environment env{services, {}, watch.handle()};
};
