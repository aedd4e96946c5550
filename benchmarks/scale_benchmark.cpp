// What is done one after the other when very many come at once: figures that
// docs/scale.md reckons with.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/roster/roster.hpp"

namespace {

/// What the one roster does for a connection, with the spawning and the end of
/// an actor that stands for it. In one thread, so that nothing waits.
void connections_come_and_go(benchmark::State& state) {
  constexpr std::int64_t batch = 1'000;
  caf::actor_system_config config;
  config.set("scheduler.policy", caf::atom("testing"));
  caf::actor_system system{config};
  auto& scheduler
    = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  flamigo::log::set_level(flamigo::log::level::warning);
  flamigo::bus events{system};
  flamigo::roster watch{events};
  auto who = std::make_shared<flamigo::claims>();
  who->connection_id = "0123456789abcdef0123456789abcdef";
  while (state.KeepRunningBatch(batch)) {
    for (std::int64_t i = 0; i < batch; ++i) {
      auto client = system.spawn<caf::lazy_init>(
        [] { return caf::behavior{[](const flamigo::event_ptr&) {}}; });
      caf::anon_send(watch.handle(), flamigo::client_opened{client, who});
      caf::anon_send_exit(client, caf::exit_reason::user_shutdown);
    }
    scheduler.run();
    if (watch.open() > 0)
      state.SkipWithError("the roster has not heard of every end");
  }
  caf::anon_send_exit(watch.handle(), caf::exit_reason::user_shutdown);
  scheduler.run();
}

BENCHMARK(connections_come_and_go);

/// Each in a hundred rooms of a million, of which one is left and entered
/// again: any, so that what is read is in no cache, as when all come back.
void subscribe_anywhere(benchmark::State& state) {
  constexpr std::int64_t rooms = 1'000'000;
  constexpr std::int64_t rooms_of_each = 100;
  caf::actor_system_config config;
  config.set("scheduler.policy", caf::atom("testing"));
  caf::actor_system system{config};
  auto& scheduler
    = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  flamigo::bus events{system};
  std::vector<caf::strong_actor_ptr> actors;
  for (std::int64_t i = 0; i < rooms / rooms_of_each; ++i)
    actors.push_back(
      caf::actor_cast<caf::strong_actor_ptr>(system.spawn<caf::lazy_init>(
        [] { return caf::behavior{[](const flamigo::event_ptr&) {}}; })));
  auto who = [&](std::int64_t room) -> auto& {
    return actors[static_cast<std::size_t>(room / rooms_of_each)];
  };
  auto name = [](std::int64_t room) {
    return flamigo::topic_pattern{"rooms/" + std::to_string(room)};
  };
  for (std::int64_t i = 0; i < rooms; ++i)
    events.subscribe(who(i), name(i));
  std::int64_t room = 0;
  for (auto _ : state) {
    events.unsubscribe(who(room).get(), name(room));
    events.subscribe(who(room), name(room));
    room = (room + 7919) % rooms;
  }
  for (auto& x : actors)
    caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
  actors.clear();
  scheduler.run();
}

BENCHMARK(subscribe_anywhere);

} // namespace
