// A domain actor that has a thread of its own, in which it may block.

#include <chrono>
#include <optional>

#include <catch2/catch_test_macros.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/send.hpp>

#include "flamigo/blocking/blocking_pool.hpp"
#include "flamigo/bus/bus.hpp"
#include "flamigo/bus/detail/wake_batch.hpp"
#include "flamigo/context/services.hpp"
#include "flamigo/domain/domain_health.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/strategy/backend.hpp"
#include "flamigo/strategy/strategy_registry.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

/// Whether other threads get what a domain actor says when it has nothing left
/// to do, and not before.
bool holds_back(const hosting_options& options) {
  strategy_registry strategies;
  // There until the last actor has ended.
  std::optional<bus> events;
  domain_health domains;
  blocking_pool pool;
  caf::actor_system_config config;
  caf::actor_system system{config};
  services all{system, strategies, events.emplace(system), domains, pool};
  caf::actor who = host(all, options, [](domain_actor<>*) -> domain_behavior {
    return {on("app::test:ask", [] { return detail::wake_batch::exists(); })};
  });
  auto answer = backend{all, 10s}.call<bool>("app::test:ask");
  caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
  REQUIRE(answer);
  return *answer;
}

} // namespace

TEST_CASE("what a detached domain says does not wait for what it does next") {
  CHECK(holds_back({}));
  CHECK_FALSE(holds_back({.detached = true}));
}
