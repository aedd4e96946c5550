#include "flamigo/testing/event_log.hpp"

#include <catch2/catch_test_macros.hpp>

#include "flamigo/roster/client_events.hpp"
#include "room.hpp"
#include "support/failure_of.hpp"

using namespace flamigo::testing;
using flamigo::test::failure_of;
using flamigo::test::posted;
using flamigo::test::renamed;

namespace {

struct fixture : actor_fixture {
  event_log log{*this};
};

} // namespace

TEST_CASE("what was published is taken out by type and topic, in order") {
  fixture f;
  CHECK(f.log.empty());
  CHECK_FALSE(f.bus.publish(posted{"a", "1"}));
  CHECK_FALSE(f.bus.publish(renamed{"7", "Ada"}));
  CHECK_FALSE(f.bus.publish(posted{"b", "2"}));
  CHECK_FALSE(f.bus.publish(posted{"a", "3"}));
  CHECK(f.log.expect<posted>("rooms/b").text == "2");
  CHECK(f.log.expect<posted>("rooms/*").text == "1");
  CHECK(f.log.expect<renamed>("names").to == "Ada");
  CHECK_FALSE(f.log.empty());
  CHECK(f.log.expect<posted>().text == "3");
  CHECK(f.log.empty());
}

TEST_CASE("all events of a type are taken out at once") {
  fixture f;
  CHECK_FALSE(f.bus.publish(posted{"a", "1"}));
  CHECK_FALSE(f.bus.publish(renamed{"7", "Ada"}));
  CHECK_FALSE(f.bus.publish(posted{"b", "2"}));
  auto all = f.log.all<posted>();
  REQUIRE(all.size() == 2);
  CHECK(all[0].text == "1");
  CHECK(all[1].text == "2");
  CHECK(f.log.all<posted>().empty());
  f.log.clear();
  CHECK(f.log.all<renamed>().empty());
}

TEST_CASE("an event that was not published says what was") {
  fixture f;
  CHECK(failure_of<failure>([&] { f.log.expect<posted>("rooms/*"); })
        == "expected an event posted under \"rooms/*\", but there is none");
  CHECK_FALSE(f.bus.publish(posted{"a", "1"}));
  CHECK_FALSE(f.bus.publish(renamed{"7", "Ada"}));
  CHECK(failure_of<failure>([&] { f.log.expect<posted>("rooms/b"); })
        == "expected an event posted under \"rooms/b\", but there is none\n"
           "published meanwhile:\n"
           R"(  rooms/a {"topic":"chat:message","payload":)"
           R"({"room":"a","text":"1"}})"
           "\n  users/7/name names");
}

TEST_CASE("no event is expected when there is one") {
  fixture f;
  f.log.expect_nothing<posted>();
  CHECK_FALSE(f.bus.publish(posted{"a", "1"}));
  f.log.expect_nothing<posted>("rooms/b");
  f.log.expect_nothing<renamed>();
  CHECK(failure_of<failure>([&] { f.log.expect_nothing<posted>("rooms"); })
        == "expected no event posted under \"rooms\"\n"
           "published meanwhile:\n"
           R"(  rooms/a {"topic":"chat:message","payload":)"
           R"({"room":"a","text":"1"}})");
  CHECK(f.log.expect<posted>().text == "1");
}

TEST_CASE("the framework's events are recorded as well") {
  room::app app;
  auto ada = app.connect();
  CHECK(app.events().expect<flamigo::client_connected>().connection_id == "c1");
  ada.disconnect({4001, "had enough"});
  auto gone = app.events().expect<flamigo::client_disconnected>();
  CHECK(gone.code == 4001);
  CHECK(gone.reason == "had enough");
}
