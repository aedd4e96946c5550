// What one more subscription costs, and what is heard among very many: the
// figures that docs/scale.md reckons with.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <malloc.h>

#include <benchmark/benchmark.h>

#include <boost/describe/class.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/roster/roster.hpp"

namespace {

struct told {
  std::int64_t room;

  flamigo::topic topics() const {
    return flamigo::topic{"rooms/" + std::to_string(room)};
  }
};

BOOST_DESCRIBE_STRUCT(told, (), (room))

struct one_worker : caf::actor_system_config {
  one_worker() {
    set("scheduler.max-threads", 1u);
  }
};

/// A bus with so many subscribers, each in a hundred rooms of its own.
class crowded_bus {
public:
  static constexpr std::int64_t rooms_of_each = 100;

  explicit crowded_bus(std::int64_t subscriptions) {
    for (std::int64_t i = 0; i < subscriptions / rooms_of_each; ++i)
      actors_.push_back(
        caf::actor_cast<caf::strong_actor_ptr>(system_.spawn<caf::lazy_init>(
          [] { return caf::behavior{[](const flamigo::event_ptr&) {}}; })));
    auto before = bytes();
    for (std::int64_t i = 0; i < subscriptions; ++i)
      subscribe(i);
    bytes_each_ = static_cast<double>(bytes() - before)
                  / static_cast<double>(subscriptions);
  }

  ~crowded_bus() {
    for (auto& who : actors_)
      caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
  }

  void subscribe(std::int64_t room) {
    events.subscribe(owner(room), pattern(room));
  }

  void unsubscribe(std::int64_t room) {
    events.unsubscribe(owner(room).get(), pattern(room));
  }

  /// Of the heap, for each subscription.
  double bytes_each() const {
    return bytes_each_;
  }

private:
  static std::size_t bytes() {
    auto found = mallinfo2();
    return found.uordblks + found.hblkhd;
  }

  static flamigo::topic_pattern pattern(std::int64_t room) {
    return flamigo::topic_pattern{"rooms/" + std::to_string(room)};
  }

  const caf::strong_actor_ptr& owner(std::int64_t room) const {
    return actors_[static_cast<std::size_t>(room / rooms_of_each)];
  }

  one_worker config_;
  caf::actor_system system_{config_};
  std::vector<caf::strong_actor_ptr> actors_;
  double bytes_each_ = 0;

public:
  flamigo::bus events{system_};
};

void publish_unheard(benchmark::State& state) {
  crowded_bus all{state.range(0)};
  for (auto _ : state)
    benchmark::DoNotOptimize(all.events.publish(told{-1}));
  state.counters["bytes_each"] = all.bytes_each();
}

/// A client that goes into a room and out again.
void subscribe_and_unsubscribe(benchmark::State& state) {
  crowded_bus all{state.range(0)};
  std::int64_t room = 0;
  for (auto _ : state) {
    all.unsubscribe(room);
    all.subscribe(room);
    room = (room + 7919) % state.range(0);
  }
}

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
BENCHMARK(publish_unheard)->Arg(1'000)->Arg(1'000'000);
BENCHMARK(subscribe_and_unsubscribe)->Arg(1'000)->Arg(1'000'000);

} // namespace
