// What a publish costs, on one thread and on several at once, while nobody, one
// or a hundred listen, and while others come and go: CPU time an operation of
// the threads that do it.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <malloc.h>

#include <benchmark/benchmark.h>

#include <boost/describe/class.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/bus/detail/bus_state.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/testing/actor_fixture.hpp"

namespace {

using namespace flamigo;

struct said {
  std::string where;

  flamigo::topic topics() const {
    return flamigo::topic{where};
  }
};

BOOST_DESCRIBE_STRUCT(said, (), (where))

/// The same, for who is in the room and for whom it is about.
struct said_to {
  std::string where;
  std::string whom;

  std::vector<flamigo::topic> topics() const {
    return {flamigo::topic{where}, flamigo::topic{whom}};
  }
};

BOOST_DESCRIBE_STRUCT(said_to, (), (where, whom))

struct one_worker : caf::actor_system_config {
  one_worker() {
    set("scheduler.max-threads", 1u);
  }
};

/// Subscribers that never run, and the bus.
struct room {
  explicit room(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      actors.push_back(caf::actor_cast<caf::strong_actor_ptr>(
        system.spawn<caf::lazy_init>([](caf::event_based_actor*) {
          return caf::behavior{[](int x) { return x; }};
        })));
  }

  ~room() {
    for (auto& who : actors)
      caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
  }

  /// So many in all, each of another pattern.
  void fill(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      state->subscribe(actors[i % actors.size()],
                       "standing/" + std::to_string(i));
  }

  one_worker cfg;
  caf::actor_system system{cfg};
  bus events{system};
  std::shared_ptr<detail::bus_state> state
    = std::make_shared<detail::bus_state>(system);
  std::vector<caf::strong_actor_ptr> actors;
};

std::unique_ptr<room> shared;

/// For a benchmark of several threads, before and after all of them.
template <std::size_t Actors, std::size_t Standing>
void open(const benchmark::State&) {
  shared = std::make_unique<room>(Actors);
  shared->fill(Standing);
}

void close(const benchmark::State&) {
  shared = nullptr;
}

std::string name_of(const benchmark::State& state) {
  return "rooms/" + std::to_string(state.thread_index()) + "/said";
}

// -- nobody listens -----------------------------------------------------------

/// Making the event is a part of it.
void publish_unheard(benchmark::State& state) {
  auto where = name_of(state);
  for (auto _ : state)
    (void) shared->events.publish(said{where});
}

BENCHMARK(publish_unheard)
  ->Setup(open<10, 1'000>)
  ->Teardown(close)
  ->ThreadRange(1, 2);

event_ptr make_event(std::string where) {
  return *detail::make_event(said{std::move(where)}, {{}, backend_claims()});
}

/// Without making it, beside others that are in the same tree.
void find_nobody(benchmark::State& state) {
  auto what = make_event("standing/" + name_of(state));
  for (auto _ : state)
    benchmark::DoNotOptimize(shared->state->match(*what));
}

BENCHMARK(find_nobody)
  ->Setup(open<10, 1'000>)
  ->Teardown(close)
  ->ThreadRange(1, 2);

// -- somebody listens ---------------------------------------------------------

/// To who listens to a topic, of each thread another one.
void find_listeners(benchmark::State& state) {
  auto where = name_of(state);
  for (std::int64_t i = 0; i < state.range(0); ++i)
    shared->state->subscribe(shared->actors[static_cast<std::size_t>(i)],
                             where);
  auto what = make_event(where);
  for (auto _ : state)
    benchmark::DoNotOptimize(shared->state->match(*what));
}

BENCHMARK(find_listeners)
  ->Setup(open<100, 1'000>)
  ->Teardown(close)
  ->Arg(1)
  ->Arg(100)
  ->ThreadRange(1, 2);

/// Two topics with listeners, one of whom has subscribed to both.
void find_listeners_of_two(benchmark::State& state) {
  auto& all = shared->actors;
  auto where = name_of(state);
  for (std::int64_t i = 0; i < state.range(0); ++i)
    shared->state->subscribe(all[static_cast<std::size_t>(i)], where);
  shared->state->subscribe(all[0], "rooms/*");
  auto what = *detail::make_event(said_to{where, where + "/whom"},
                                  {{}, backend_claims()});
  for (auto _ : state)
    benchmark::DoNotOptimize(shared->state->match(*what));
}

BENCHMARK(find_listeners_of_two)
  ->Setup(open<100, 1'000>)
  ->Teardown(close)
  ->Arg(1)
  ->Arg(100)
  ->ThreadRange(1, 2);

// -- listeners come and go ----------------------------------------------------

/// One that comes and goes, among a million of others.
void come_and_go(benchmark::State& state) {
  auto where = name_of(state);
  auto& who = shared->actors[static_cast<std::size_t>(state.thread_index())];
  for (auto _ : state) {
    shared->state->subscribe(who, where);
    shared->state->unsubscribe(who.get(), where);
  }
}

BENCHMARK(come_and_go)
  ->Setup(open<10'000, 1'000'000>)
  ->Teardown(close)
  ->ThreadRange(1, 2);

/// What nobody hears, while another thread comes and goes as often: the CPU
/// time is that of both.
void publish_beside_changes(benchmark::State& state) {
  auto where = name_of(state);
  auto changes = state.thread_index() == 0;
  auto& who = shared->actors[0];
  auto what = make_event("standing/" + where);
  for (auto _ : state)
    if (changes) {
      shared->state->subscribe(who, where);
      shared->state->unsubscribe(who.get(), where);
    } else {
      benchmark::DoNotOptimize(shared->state->match(*what));
    }
}

BENCHMARK(publish_beside_changes)
  ->Setup(open<10'000, 1'000'000>)
  ->Teardown(close)
  ->Threads(2);

// -- domain actors ------------------------------------------------------------

/// An event on its way through the queue of a domain actor to its listener, all
/// on one thread.
void hear_in_domain(benchmark::State& state) {
  testing::actor_fixture f;
  std::size_t heard = 0;
  f.adopt(
    host(f.services, {}, [&heard](domain_actor<>* self) -> domain_behavior {
      self->subscribe("rooms");
      return {listen([&heard](const said&) { ++heard; })};
    }));
  f.run();
  auto what = make_event("rooms/1");
  constexpr std::int64_t batch = 32;
  while (state.KeepRunningBatch(batch)) {
    for (std::int64_t i = 0; i < batch; ++i)
      f.bus.deliver(what, nullptr);
    f.run();
  }
  benchmark::DoNotOptimize(heard);
}

BENCHMARK(hear_in_domain);

// -- memory -------------------------------------------------------------------

/// The memory of a million.
void keep_a_million(benchmark::State& state) {
  for (auto _ : state) {
    room all{10'000};
    auto before = mallinfo2();
    all.fill(1'000'000);
    auto after = mallinfo2();
    state.counters["bytes"] = static_cast<double>(
      after.uordblks + after.hblkhd - before.uordblks - before.hblkhd);
  }
}

BENCHMARK(keep_a_million)->Iterations(1)->Unit(benchmark::kMillisecond);

} // namespace
