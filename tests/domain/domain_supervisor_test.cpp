#include "flamigo/domain/hosting_options.hpp"

#include <catch2/catch_test_macros.hpp>

#include <caf/send.hpp>

#include "flamigo/domain/domain_behavior.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/testing/actor_fixture.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

/// How often a domain actor was made that crashes every second, in ten of them.
int lives(hosting_options options) {
  testing::actor_fixture f;
  auto made = 0;
  caf::actor current;
  auto fragile = [&](domain_actor<>* self) -> domain_behavior {
    ++made;
    current = caf::actor_cast<caf::actor>(self);
    return {on("app::fragile:nothing", [] {})};
  };
  f.adopt(host(f.services, options, fragile));
  f.run();
  for (auto i = 0; i < 10; ++i) {
    f.advance(1s);
    caf::anon_send_exit(current, caf::exit_reason::kill);
    f.run();
  }
  current = nullptr;
  f.end();
  return made;
}

} // namespace

TEST_CASE("restarts are counted in a window, however long") {
  hosting_options options{.restart = true, .max_restarts = 3};
  CHECK(lives(options) == 4);
  options.restart_window = 500ms;
  CHECK(lives(options) == 11);
  options.restart_window = caf::timespan::max();
  CHECK(lives(options) == 4);
}
