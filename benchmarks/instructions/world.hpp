#pragma once

#include "flamigo/client/client_environment.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/testing/actor_fixture.hpp"

/// All that connections need, without threads, so that the same instructions
/// run each time.
struct world : flamigo::testing::actor_fixture {
  world() {
    adopt(watch.handle());
  }

  ~world() {
    // While there is what the actors use.
    end();
  }

  flamigo::roster watch{bus};
  flamigo::client_environment env{services, {}, watch.handle()};
};
