#include "flamigo/testing/actor_fixture.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <caf/atom.hpp>
#include <caf/send.hpp>

#include "flamigo/domain/detail/domain_supervisor.hpp"
#include "flamigo/task/detail/due_in.hpp"

namespace flamigo::testing {

namespace {

/// A domain may have as long as it likes, but other domains' timers go on.
constexpr std::chrono::hours max_stop_time{1};

} // namespace

actor_fixture::test_config::test_config() {
  set("scheduler.policy", caf::atom("testing"));
}

actor_fixture::actor_fixture()
  : system{config_}, scheduler(dynamic_cast<caf::scheduler::test_coordinator&>(
                       system.scheduler())),
    unit(system) {
  system.await_actors_before_shutdown(false);
}

actor_fixture::~actor_fixture() {
  end();
}

// -- the end ------------------------------------------------------------------

void actor_fixture::adopt(caf::actor what) {
  adopted_.push_back(std::move(what));
}

void actor_fixture::end() {
  // One may rest on those that were there before.
  while (!adopted_.empty()) {
    auto last = std::move(adopted_.back());
    adopted_.pop_back();
    end(last);
  }
  run();
  // Actors that only the bus still knew end here.
  bus.stop();
  run();
}

void actor_fixture::end(const caf::actor& what) {
  auto ended = std::make_shared<bool>(false);
  what->attach_functor([ended](const caf::error&) { *ended = true; });
  caf::anon_send_exit(what, caf::exit_reason::user_shutdown);
  run();
  auto domain = dynamic_cast<flamigo::detail::domain_supervisor*>(
    caf::actor_cast<caf::abstract_actor*>(what));
  if (*ended || domain == nullptr)
    return;
  // What it does last takes its time.
  auto& clock = scheduler.clock();
  auto limit = flamigo::detail::due_in(
    clock, std::min<caf::timespan>(domain->stop_timeout(), max_stop_time));
  while (!*ended && is_due(limit)) {
    clock.trigger_timeout();
    run();
  }
}

// -- time ---------------------------------------------------------------------

void actor_fixture::run() {
  run_actors();
  while (run_other())
    run_actors();
}

bool actor_fixture::run_other() {
  if (tasks_.empty())
    return pool.queued() > 0 && pool.run_one();
  auto task = std::move(tasks_.front());
  tasks_.pop_front();
  task();
  return true;
}

void actor_fixture::run_actors() {
  // Other threads may have sent something.
  unit.set_now(scheduler.clock().now());
  unit.settle();
  scheduler.run();
}

void actor_fixture::advance(caf::timespan by) {
  run();
  auto& clock = scheduler.clock();
  auto end = clock.now() + by;
  // From one to the next: what a timer starts may be due before the end, too.
  while (is_due(end)) {
    clock.trigger_timeout();
    run();
  }
  clock.advance_time(end - clock.now());
  run();
}

bool actor_fixture::is_due(caf::actor_clock::time_point by) {
  auto& schedule = scheduler.clock().schedule();
  return !schedule.empty() && schedule.begin()->first <= by;
}

actor_fixture::wall_time actor_fixture::now() const noexcept {
  return began_
         + std::chrono::duration_cast<wall_time::duration>(
           scheduler.clock().now() - origin_);
}

void actor_fixture::post(std::function<void()> task) {
  tasks_.push_back(std::move(task));
}

} // namespace flamigo::testing
