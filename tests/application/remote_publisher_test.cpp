// Events that are published on a thread other than that of the subscribers: the
// test's own, while their loop runs only when the test says so.

#include <array>
#include <optional>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/client/client.hpp"
#include "support/events.hpp"
#include "support/socket_fixture.hpp"

using namespace flamigo;
using test::posted;
using test::socket_pair;

namespace {

struct fixture : test::socket_fixture {
  fixture() {
    env.on_open = [](client& self) { self.subscribe("rooms/a"); };
    for (auto& peer : peers)
      connect(peer);
  }

  std::array<socket_pair, 3> peers;
};

/// The texts "#0#", "#1#" ... in the order in which they stand there.
std::string numbers_in(const std::string& bytes) {
  std::string result;
  for (auto i = bytes.find('#'); i != bytes.npos; i = bytes.find('#', i + 3))
    result += bytes[i + 1];
  return result;
}

} // namespace

TEST_CASE("events from another thread wake a thread once for all clients") {
  fixture f;
  REQUIRE(f.watch.open() == 3);
  for (int i = 0; i < 5; ++i)
    CHECK_FALSE(f.bus.publish(posted{"a", "#" + std::to_string(i) + "#"}));
  CHECK(f.loop.context().poll() == 1);
  f.loop.context().restart();
  for (auto& peer : f.peers)
    CHECK(numbers_in(peer.received()) == "01234");
}

TEST_CASE("an event from another thread waits behind those in the mailbox") {
  std::string heard;
  fixture f;
  // A listener runs in the actor, so its events go through the mailbox.
  f.env.on_open = [&heard](client& self) {
    self.subscribe("rooms/a", [&heard](context&, const posted& what) {
      heard += what.text;
    });
  };
  socket_pair late;
  f.connect(late);
  for (auto text : {"a", "b", "c"})
    CHECK_FALSE(f.bus.publish(posted{"a", text}));
  f.settle();
  CHECK(heard == "abc");
}

TEST_CASE("an event does not overtake the subscription that was made before") {
  fixture f;
  std::optional<client> who;
  f.env.on_open = [&who](client& self) { who = self; };
  socket_pair late;
  f.connect(late);
  REQUIRE(who);
  // As a domain actor does it: from another thread, one after the other.
  who->subscribe("rooms/a");
  CHECK_FALSE(f.bus.publish(posted{"a", "#1#"}));
  who->unsubscribe("rooms/a");
  CHECK_FALSE(f.bus.publish(posted{"a", "#2#"}));
  f.settle();
  CHECK(numbers_in(late.received()) == "1");
  who.reset();
}
