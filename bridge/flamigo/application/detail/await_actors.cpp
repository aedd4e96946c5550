#include "flamigo/application/detail/await_actors.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <thread>

#include <caf/actor_registry.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include "flamigo/domain/detail/domain_supervisor.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

namespace {

/// To finish with what waits for them.
constexpr std::chrono::seconds end_limit{10};

/// Waits until these have ended. When none does, `goes_on` is asked with how
/// many are left.
template <class F>
void await_all(caf::actor_system& system, const std::vector<caf::actor>& what,
               F goes_on) {
  caf::scoped_actor self{system};
  std::size_t left = what.size();
  for (auto& actor : what)
    self->monitor(actor);
  while (left > 0)
    self->receive([&](const caf::down_msg&) { --left; },
                  caf::after(std::chrono::milliseconds{100}) >>
                    [&] {
                      if (!goes_on(left))
                        left = 0;
                    });
}

bool is_detached(const caf::actor& what) {
  auto ptr = caf::actor_cast<caf::abstract_actor*>(what);
  auto supervisor = dynamic_cast<domain_supervisor*>(ptr);
  return supervisor != nullptr && supervisor->is_detached();
}

} // namespace

void await_end(caf::actor_system& system, const std::vector<caf::actor>& what) {
  auto deadline = std::chrono::steady_clock::now() + end_limit;
  await_all(system, what, [deadline](std::size_t left) {
    if (std::chrono::steady_clock::now() < deadline)
      return true;
    log::warn(std::to_string(left) + " actors have not ended in time");
    return false;
  });
}

void await_detached(caf::actor_system& system, std::vector<caf::actor> what) {
  std::erase_if(what, [](auto& x) { return !is_detached(x); });
  auto warn_at = std::chrono::steady_clock::now() + std::chrono::seconds{1};
  await_all(system, what, [&](std::size_t left) {
    if (std::chrono::steady_clock::now() < warn_at)
      return true;
    warn_at = std::chrono::steady_clock::time_point::max();
    log::warn("waiting for " + std::to_string(left)
              + " detached domains that go on: give what they wait for a time "
                "limit");
    return true;
  });
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
