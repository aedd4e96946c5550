#include "flamigo/bridge/detail/io_thread.hpp"

#include <chrono>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/testing/actor_fixture.hpp"

using namespace flamigo;

TEST_CASE("an actor that is no connection runs on CAF's scheduler") {
  testing::actor_fixture f;
  detail::io_thread loop{f.system, std::chrono::hours{1}, 1024};
  int calls = 0;
  auto worker = f.system.spawn([&calls](caf::event_based_actor*) {
    return caf::behavior{[&calls](int) { ++calls; }};
  });
  f.adopt(worker);
  f.run();
  // As a connection's actor sends: with the unit that runs it.
  caf::actor_cast<caf::strong_actor_ptr>(worker)->enqueue(
    nullptr, caf::make_message_id(), caf::make_message(1), &loop);
  loop.context().poll();
  CHECK(calls == 0);
  f.run();
  CHECK(calls == 1);
}
