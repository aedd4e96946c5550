#include <string>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/client/client.hpp"
#include "flamigo/testing.hpp"
#include "support/events.hpp"
#include "support/failure_of.hpp"

using namespace flamigo;
using flamigo::test::failure_of;
using flamigo::test::posted;
using flamigo::testing::failure;

namespace {

struct fixture {
  fixture() {
    app.channel("rooms/*", {}, {.history = history_limits{.max_events = 5}});
    app.channel("news");
  }

  void publish(int from, int to) {
    for (; from <= to; ++from)
      CHECK_FALSE(app.bus().publish(posted{"a", std::to_string(from)}));
  }

  static void expect(testing::fake_client& who, int from, int to) {
    for (; from <= to; ++from)
      CHECK(who.expect_event<posted>("rooms/a").text == std::to_string(from));
  }

  testing::app app;
};

} // namespace

TEST_CASE_METHOD(fixture,
                 "a client gets what it has missed while it was away") {
  auto ada = app.connect();
  CHECK(ada.subscribe("rooms/a").offset == 0);
  publish(1, 4);
  expect(ada, 1, 2);
  // What was heard and not expected is lost with the connection.
  ada.lose();
  CHECK_FALSE(ada.handle());
  publish(5, 6);
  CHECK(ada.recover());
  expect(ada, 3, 6);
  publish(7, 7);
  expect(ada, 7, 7);
  ada.expect_nothing();
  ada.lose();
  publish(8, 20);
  CHECK_FALSE(ada.recover());
  ada.expect_nothing();
  publish(21, 21);
  expect(ada, 21, 21);
  ada.unsubscribe("rooms/a");
  ada.lose();
  CHECK(ada.recover());
  publish(22, 22);
  ada.expect_nothing();
}

TEST_CASE_METHOD(fixture, "a client comes back as who it was") {
  app.authenticate();
  app.channel("secrets", is_authenticated(), {.history = history_limits{}});
  auto ada = app.connect(user{.id = "7"});
  ada.subscribe("secrets");
  ada.lose();
  CHECK(ada.recover());
  // The program's word is where it is as well.
  app.on_open([](client& who) { (void) who.subscribe("rooms/a"); });
  publish(1, 3);
  ada.lose();
  CHECK(ada.recover());
  CHECK(ada.expect_subscribed("rooms/a").offset == 3);
  publish(4, 4);
  expect(ada, 4, 4);
}

TEST_CASE_METHOD(fixture, "what is missing in a channel says so") {
  auto ada = app.connect();
  CHECK(failure_of<failure>([&] { ada.expect_event("news"); })
          .starts_with("expect_event(\"news\") is for a channel with a "
                       "history"));
  CHECK(failure_of<failure>([&] { ada.recover(); })
        == "recover() is for a client that has lost its connection");
  CHECK(failure_of<failure>([&] {
          ada.subscribe("users/1");
        }).find("unknown_channel")
        != std::string::npos);
  ada.subscribe("rooms/a");
  CHECK(failure_of<failure>([&] { ada.expect_event("rooms/a"); })
        == "expected an event of the channel \"rooms/a\", but none has come");
  publish(1, 2);
  app.run();
  // One that is not looked at leaves a hole.
  ada.expect_push("chat:message");
  CHECK(failure_of<failure>([&] { ada.expect_event("rooms/a"); })
          .starts_with("expected an event of the channel \"rooms/a\" with the "
                       "offset 1, but that of 2 has come"));
  CHECK(failure_of<failure>([&] { ada.expect_subscribed("rooms/a"); })
          .starts_with("expected to be told where it is in rooms/a, but "
                       "nothing has come"));
}
