#include "flamigo/application/detail/await_actors.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <thread>

#include <caf/actor_registry.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include "flamigo/log/log.hpp"

namespace flamigo::detail {

namespace {

/// To finish with what waits for them.
constexpr std::chrono::seconds end_limit{10};

} // namespace

void await_end(caf::actor_system& system, const std::vector<caf::actor>& what) {
  caf::scoped_actor self{system};
  std::size_t left = what.size();
  for (auto& actor : what)
    self->monitor(actor);
  auto deadline = std::chrono::steady_clock::now() + end_limit;
  while (left > 0) {
    self->receive([&](const caf::down_msg&) { --left; },
                  caf::after(std::chrono::milliseconds{100}) >>
                    [&] {
                      if (std::chrono::steady_clock::now() < deadline)
                        return;
                      log::warn(std::to_string(left)
                                + " actors have not ended in time");
                      left = 0;
                    });
  }
}

void await_others(caf::actor_system& system) {
  auto running = [&] { return system.registry().running(); };
  auto deadline = std::chrono::steady_clock::now() + end_limit;
  for (auto said = false; running() > 0; said = true) {
    if (std::chrono::steady_clock::now() >= deadline) {
      log::error("leaving " + std::to_string(running())
                 + " actors behind that have not ended");
      system.await_actors_before_shutdown(false);
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{said ? 50 : 5});
    if (!said && running() > 0)
      log::warn("waiting for " + std::to_string(running())
                + " actors that go on: end them before the application ends, "
                  "or let it do that with adopt()");
  }
}

} // namespace flamigo::detail
