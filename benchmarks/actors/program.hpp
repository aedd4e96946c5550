#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <benchmark/benchmark.h>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>

#include <flamigo/serving.hpp>

/// What is done between two looks at the clock: so many messages that beginning
/// and waiting for the end are not what is measured.
inline constexpr std::int64_t batch = 1'000;

// -- domain actors ------------------------------------------------------------

/// For a program whose domain actors share so many threads. It is not started,
/// so that it has no sockets.
inline std::unique_ptr<flamigo::configuration>
with_workers(std::int64_t count) {
  auto result = std::make_unique<flamigo::configuration>();
  result->set("scheduler.max-threads", static_cast<std::size_t>(count));
  flamigo::log::set_level(flamigo::log::level::warning);
  return result;
}

/// Says how many messages there were; false, with the reason, if a strategy has
/// answered an error.
inline bool finished(benchmark::State& state,
                     const caf::expected<void>& answer) {
  state.SetItemsProcessed(state.iterations());
  if (answer)
    return true;
  state.SkipWithError(flamigo::trace_of(answer.error()).c_str());
  return false;
}

/// Delivers the promise when as many answers have come as were waited for, or
/// the first error. Of an actor, and for it alone.
class tally {
public:
  tally(std::int64_t waiting, flamigo::response_promise<void> done)
    : shared_(std::make_shared<content>(waiting, std::move(done))) {
  }

  /// For a result that is not looked at any further.
  template <class... Ts>
  void operator()(Ts&&...) const {
    if (--shared_->waiting == 0)
      shared_->done.deliver();
  }

  void failed(caf::error why) const {
    shared_->done.deliver(std::move(why));
  }

private:
  struct content {
    std::int64_t waiting;
    flamigo::response_promise<void> done;
  };

  std::shared_ptr<content> shared_;
};

// -- bare CAF -----------------------------------------------------------------

/// CAF alone, with so many threads.
struct bare_config : caf::actor_system_config {
  explicit bare_config(std::int64_t workers) {
    set("scheduler.max-threads", static_cast<std::size_t>(workers));
  }
};

/// Tells the actor to do so many, and waits until it has.
inline void run_bare(caf::scoped_actor& self, const caf::actor& who,
                     std::int64_t count) {
  self->request(who, caf::infinite, count)
    .receive([](std::int64_t) {}, [](const caf::error&) {});
}

/// All benchmarks of this program: one thread for the actors, then two; CPU
/// time of the whole process, messages a second of the clock on the wall.
inline void on_workers(benchmark::internal::Benchmark* what) {
  what->ArgName("workers")
    ->Arg(1)
    ->Arg(2)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
}
