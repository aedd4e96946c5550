// The pool on threads of its own.

#include "flamigo/blocking/blocking_pool.hpp"

#include <atomic>
#include <future>
#include <latch>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/send.hpp>

#include "flamigo/blocking/blocking.hpp"
#include "flamigo/bus/bus.hpp"
#include "flamigo/domain/domain_health.hpp"
#include "flamigo/strategy/strategy_registry.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

struct world {
  explicit world(blocking_options options) : pool{options} {
  }

  ~world() {
    pool.stop();
  }

  /// Runs this in an actor of its own.
  template <class F>
  void in_actor(F run) {
    system.spawn(
      [this, run](caf::event_based_actor* self) { run(self, services); });
  }

  strategy_registry strategies;
  domain_health domains;
  blocking_pool pool;
  std::optional<bus> events;
  caf::actor_system_config config;
  caf::actor_system system{config};
  flamigo::services services{system, strategies, events.emplace(system),
                             domains, pool};
};

} // namespace

TEST_CASE("as many functions run at once as there are threads") {
  world w{{.threads = 2}};
  std::latch both{2};
  std::latch open{1};
  std::latch all{5};
  std::mutex mtx;
  std::set<std::thread::id> threads;
  for (auto i = 0; i < 5; ++i)
    w.in_actor([&](auto* self, auto& what) {
      blocking(self, what, [&] {
        if (!both.try_wait()) {
          // Nobody gets on before two have begun.
          both.arrive_and_wait();
        }
        open.wait();
        std::lock_guard guard{mtx};
        threads.insert(std::this_thread::get_id());
      }).then([&] { all.count_down(); }, [](const caf::error&) {});
    });
  both.wait();
  CHECK(w.pool.running() == 2);
  open.count_down();
  all.wait();
  CHECK(threads.size() <= 2);
  CHECK(threads.count(std::this_thread::get_id()) == 0);
}

TEST_CASE("results come back to the actors that have asked") {
  constexpr auto actors = 8;
  constexpr auto rounds = 200;
  world w{{.threads = 3, .max_queued = actors * rounds}};
  std::latch done{actors * rounds};
  std::atomic<int> wrong = 0;
  for (auto i = 0; i < actors; ++i)
    w.in_actor([&](caf::event_based_actor* self, auto& what) {
      // Without a lock: one at a time.
      auto sum = std::make_shared<int>(0);
      for (auto j = 1; j <= rounds; ++j)
        blocking(self, what, [j] { return std::make_unique<int>(j); })
          .then(
            [&, sum, self](std::unique_ptr<int> x) {
              *sum += *x;
              wrong += *sum > rounds * (rounds + 1) / 2 || self == nullptr;
              done.count_down();
            },
            [&](const caf::error&) {
              ++wrong;
              done.count_down();
            });
    });
  done.wait();
  CHECK(wrong == 0);
}

TEST_CASE("stopping waits for what has begun") {
  std::atomic<bool> ended = false;
  std::promise<void> begun;
  std::promise<void> go_on;
  std::thread other;
  {
    world w{{.threads = 1}};
    w.in_actor([&](auto* self, auto& what) {
      blocking(self, what, [&] {
        begun.set_value();
        go_on.get_future().wait();
        ended = true;
      }).then([] {}, [](const caf::error&) {});
    });
    begun.get_future().wait();
    other = std::thread{[&] { go_on.set_value(); }};
    w.pool.stop();
    CHECK(ended);
  }
  other.join();
}

TEST_CASE("a pool that nobody uses has no thread") {
  world w{{.threads = 4}};
  CHECK(w.pool.threads() == 0);
  std::promise<void> done;
  w.in_actor([&](auto* self, auto& what) {
    blocking(self, what, [] {
    }).then([&] { done.set_value(); }, [](const caf::error&) {});
  });
  done.get_future().wait();
  CHECK(w.pool.threads() == 1);
}
