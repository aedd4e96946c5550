// What the bus costs: finding who wants a topic, and telling them, beside CAF's
// own local group in the same run.

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>

#include <boost/describe/class.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/group_manager.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/bus/detail/subscription_table.hpp"

namespace {

using namespace flamigo;

struct moved {
  int x;

  flamigo::topic topics() const {
    return flamigo::topic{"players/7/position"};
  }
};

BOOST_DESCRIBE_STRUCT(moved, (), (x))

struct config : caf::actor_system_config {
  config() {
    set("scheduler.max-threads", 1u);
  }
};

// -- finding ------------------------------------------------------------------

/// One topic with ten subscribers among many that do not match it.
void match_topic(benchmark::State& state) {
  config cfg;
  caf::actor_system system{cfg};
  std::vector<caf::strong_actor_ptr> actors;
  for (int i = 0; i < 10; ++i)
    actors.push_back(caf::actor_cast<caf::strong_actor_ptr>(
      system.spawn<caf::lazy_init>([i](caf::event_based_actor*) {
        return caf::behavior{[i](int) { return i; }};
      })));
  {
    detail::subscription_table table;
    for (auto& who : actors)
      table.add(who, "players/7/position");
    for (std::int64_t i = 0; i < state.range(0); ++i)
      table.add(actors[static_cast<std::size_t>(i % 10)],
                "players/" + std::to_string(i + 8) + "/position");
    topic where{"players/7/position"};
    for (auto _ : state)
      benchmark::DoNotOptimize(table.match({&where, 1}));
  }
  for (auto& who : actors)
    caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
}

BENCHMARK(match_topic)->Arg(10)->Arg(10'000)->Arg(1'000'000);

// -- telling ------------------------------------------------------------------

/// So many events at once that waking the worker is not what is measured.
constexpr std::int64_t batch = 32;

template <class MakeGroup, class Publish>
void fan_out(benchmark::State& state, MakeGroup make_group, Publish publish) {
  config cfg;
  caf::actor_system system{cfg};
  bus events{system};
  auto heard = std::make_shared<std::atomic<std::int64_t>>(0);
  std::vector<caf::actor> actors;
  auto where = make_group(system, events);
  auto wait = [&](std::int64_t count) {
    while (heard->load() < count)
      std::this_thread::yield();
    *heard = 0;
  };
  for (std::int64_t i = 0; i < state.range(0); ++i)
    actors.push_back(system.spawn([=](caf::event_based_actor* self) {
      self->join(where);
      ++*heard;
      return caf::behavior{[heard](int) { ++*heard; },
                           [heard](const event_ptr&) { ++*heard; }};
    }));
  wait(state.range(0));
  {
    caf::scoped_actor self{system};
    while (state.KeepRunningBatch(batch)) {
      for (std::int64_t i = 0; i < batch; ++i)
        publish(self, events, where);
      wait(batch * state.range(0));
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  for (auto& x : actors)
    caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
}

void fan_out_local_group(benchmark::State& state) {
  fan_out(
    state,
    [](caf::actor_system& system, bus&) {
      return system.groups().get_local("players");
    },
    [](caf::scoped_actor& self, bus&, const caf::group& where) {
      self->send(where, 7);
    });
}

void fan_out_bus_group(benchmark::State& state) {
  fan_out(
    state,
    [](caf::actor_system&, bus& events) {
      return events.group("players/7/position");
    },
    [](caf::scoped_actor& self, bus&, const caf::group& where) {
      self->send(where, 7);
    });
}

void fan_out_publish(benchmark::State& state) {
  fan_out(
    state,
    [](caf::actor_system&, bus& events) { return events.group("players/*"); },
    [](caf::scoped_actor&, bus& events, const caf::group&) {
      (void) events.publish(moved{7});
    });
}

BENCHMARK(fan_out_local_group)->Arg(1)->Arg(100)->Arg(10'000)->UseRealTime();
BENCHMARK(fan_out_bus_group)->Arg(1)->Arg(100)->Arg(10'000)->UseRealTime();
BENCHMARK(fan_out_publish)->Arg(1)->Arg(100)->Arg(10'000)->UseRealTime();

} // namespace
