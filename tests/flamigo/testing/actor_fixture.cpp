#include "flamigo/testing/actor_fixture.hpp"

#include <utility>

#include <caf/atom.hpp>
#include <caf/send.hpp>

namespace flamigo::testing {

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
  for (auto& actor : adopted_)
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  adopted_.clear();
  run();
  // Actors that only the bus still knew end here.
  bus.stop();
  run();
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
  unit.settle();
  scheduler.run();
}

void actor_fixture::advance(caf::timespan by) {
  run();
  auto& clock = scheduler.clock();
  auto end = clock.now() + by;
  // From one to the next: what a timer starts may be due before the end, too.
  while (!clock.schedule().empty() && clock.schedule().begin()->first <= end) {
    clock.trigger_timeout();
    run();
  }
  clock.advance_time(end - clock.now());
  run();
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
