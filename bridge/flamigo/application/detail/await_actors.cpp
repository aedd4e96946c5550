#include "flamigo/application/detail/await_actors.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <thread>

#include <caf/actor_registry.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/domain/detail/domain_supervisor.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

namespace {

/// To finish with what waits for them.
constexpr std::chrono::seconds end_limit{10};

/// Waits until these have ended. When none does, `goes_on` is asked with how
/// many are left. Returns how many are.
template <class F>
std::size_t await_all(caf::actor_system& system,
                      const std::vector<caf::actor>& what, F goes_on) {
  caf::scoped_actor self{system};
  std::size_t left = what.size();
  bool waits = true;
  for (auto& actor : what)
    self->monitor(actor);
  while (left > 0 && waits)
    self->receive([&](const caf::down_msg&) { --left; },
                  caf::after(std::chrono::milliseconds{100}) >>
                    [&] { waits = goes_on(left); });
  return left;
}

/// Null if it stands for no domain.
const domain_supervisor* supervisor_of(const caf::actor& what) {
  return dynamic_cast<domain_supervisor*>(
    caf::actor_cast<caf::abstract_actor*>(what));
}

std::string title_of(const std::vector<caf::actor>& what, std::size_t left) {
  if (what.size() > 1)
    return std::to_string(left) + " actors";
  auto domain = supervisor_of(what.front());
  return domain != nullptr ? domain->domain_title() : "an actor";
}

/// Whether all have.
bool await_within(caf::actor_system& system,
                  const std::vector<caf::actor>& what, caf::timespan limit) {
  auto begin = std::chrono::steady_clock::now();
  return await_all(system, what,
                   [&](std::size_t left) {
                     if (std::chrono::steady_clock::now() - begin < limit)
                       return true;
                     log::warn(title_of(what, left) + " did not end in time");
                     return false;
                   })
         == 0;
}

void await_thread(caf::actor_system& system, const caf::actor& what) {
  auto warn_at = std::chrono::steady_clock::now() + std::chrono::seconds{1};
  await_all(system, {what}, [&](std::size_t left) {
    if (std::chrono::steady_clock::now() < warn_at)
      return true;
    warn_at = std::chrono::steady_clock::time_point::max();
    log::warn("waiting for the thread of " + title_of({what}, left)
              + ": give what it waits for a time limit");
    return true;
  });
}

bool is_detached(const caf::actor& what) {
  auto domain = supervisor_of(what);
  return domain != nullptr && domain->is_detached();
}

caf::timespan limit_of(const caf::actor& what) {
  auto domain = supervisor_of(what);
  if (domain == nullptr)
    return end_limit;
  // A timespan may be as long as it can be.
  constexpr std::chrono::seconds grace{1};
  return std::min(domain->stop_timeout(), caf::timespan::max() - grace) + grace;
}

void tell_to_end(const caf::actor& what) {
  caf::anon_send_exit(what, caf::exit_reason::user_shutdown);
}

} // namespace

void await_end(caf::actor_system& system, const std::vector<caf::actor>& what) {
  await_within(system, what, end_limit);
}

void end_in_turn(caf::actor_system& system,
                 const std::vector<caf::actor>& what) {
  auto left = what;
  for (auto in_time = true; in_time && !left.empty();) {
    auto next = std::move(left.back());
    left.pop_back();
    tell_to_end(next);
    if (is_detached(next))
      await_thread(system, next);
    else
      in_time = await_within(system, {next}, limit_of(next));
  }
  for (auto& actor : left)
    tell_to_end(actor);
  // Those with threads of their own first, which are waited for in any case.
  for (auto& actor : left)
    if (is_detached(actor))
      await_thread(system, actor);
  await_end(system, left);
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
