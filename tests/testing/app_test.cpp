#include "flamigo/testing/app.hpp"

#include <chrono>
#include <stdexcept>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>

#include "flamigo/roster/client_events.hpp"
#include "room.hpp"
#include "support/failure_of.hpp"

using namespace flamigo::testing;
using namespace std::chrono_literals;
using flamigo::raw_json;
using flamigo::user;
using flamigo::test::failure_of;
using flamigo::test::posted;
using room::line;

namespace {

caf::expected<user> only_ada(std::string_view token, const flamigo::claims&) {
  if (token != "open sesame")
    return flamigo::make_error(flamigo::errc::unauthorized, "who are you?");
  return user{.id = "1", .name = "Ada"};
}

/// Says so once a second.
caf::behavior ticker(caf::event_based_actor* self,
                     std::vector<caf::actor_clock::time_point>* ticks) {
  self->delayed_send(self, 1s, caf::tick_atom::value);
  return {[=](caf::tick_atom) {
    ticks->push_back(self->clock().now());
    self->delayed_send(self, 1s, caf::tick_atom::value);
  }};
}

} // namespace

TEST_CASE("an app that nothing was done with ends") {
  flamigo::testing::app app;
}

// -- users --------------------------------------------------------------------

TEST_CASE("where nobody authenticates, there are only guests") {
  room::app app;
  auto ada = app.connect();
  ada.expect_error(ada.send("app::room:name"), 403);
  CHECK_THROWS_AS(app.connect(user{.id = "1"}), std::logic_error);
}

TEST_CASE("a fake user is signed in when it connects") {
  room::app app;
  app.authenticate();
  auto ada = app.connect(user{.id = "1", .name = "Ada"});
  CHECK(ada.call<std::string>("app::room:name") == "Ada");
  CHECK(app.events().expect<flamigo::user_authenticated>().user == "1");
  auto guest = app.connect();
  guest.expect_error(guest.send("app::room:name"), 401);
}

TEST_CASE("the token of a fake user is the id, or the name") {
  room::app app;
  app.authenticate();
  app.add_user({.id = "1", .name = "Ada"});
  for (auto token : {"1", "Ada"})
    CHECK(app.connect_with(token).call<std::string>("app::room:name") == "Ada");
  auto mallory = app.connect_with("mallory");
  CHECK(mallory.expect_push<error_frame>("error").status == 401);
  auto guest = app.connect();
  CHECK(guest.call("app::websocket:auth", raw_json{R"({"token":"Ada"})"}).text
        == R"({"success":true})");
  CHECK(guest.call<std::string>("app::room:name") == "Ada");
}

TEST_CASE("a user who is not let in says why") {
  room::app app;
  app.authenticate();
  CHECK(
    failure_of<failure>([&] {
      app.connect(user{.id = "1", .expiry = app.now() - 1h});
    }).starts_with("expected user \"1\" to be let in, but it is the error "));
}

TEST_CASE("an authenticator of the program's own is asked") {
  room::app app;
  app.authenticate(&only_ada);
  auto ada = app.connect_with("open sesame");
  CHECK(ada.call<std::string>("app::room:name") == "Ada");
  CHECK_THROWS_AS(app.connect(user{.id = "1"}), std::logic_error);
}

TEST_CASE("an actor that authenticates ends with the app") {
  room::app app;
  app.authenticate(app.system().spawn([] {
    return caf::behavior{[](const flamigo::credentials& what) {
      return user{.id = what.token, .name = "Ada"};
    }};
  }));
  CHECK(app.connect_with("1").call<std::string>("app::room:name") == "Ada");
}

// -- time ---------------------------------------------------------------------

TEST_CASE("who does not sign in in time is closed") {
  room::app app{{.auth = {.timeout = 1min}}};
  app.authenticate();
  auto guest = app.connect();
  app.advance(59s);
  CHECK_FALSE(guest.closed());
  app.advance(1s);
  guest.expect_close(flamigo::close_code::auth_deadline);
}

TEST_CASE("the proof of a user expires by the clock that a test moves") {
  room::app app;
  app.authenticate();
  auto ada
    = app.connect(user{.id = "1", .name = "Ada", .expiry = app.now() + 1h});
  app.advance(1h);
  CHECK(ada.call<std::string>("app::room:name") == "Ada");
  app.advance(25s);
  ada.expect_close(3005);
}

TEST_CASE("what becomes due on the way runs at its time") {
  flamigo::testing::app app;
  std::vector<caf::actor_clock::time_point> ticks;
  auto begin = app.system().clock().now();
  app.adopt(app.system().spawn(ticker, &ticks));
  app.advance(3500ms);
  CHECK(ticks
        == std::vector<caf::actor_clock::time_point>{begin + 1s, begin + 2s,
                                                     begin + 3s});
}

// -- the rest of the program --------------------------------------------------

TEST_CASE("a hook meets every client when it connects") {
  room::app app;
  app.on_open([](flamigo::client& who) { who.subscribe("rooms/news"); });
  auto ada = app.connect();
  CHECK_FALSE(app.bus().publish(posted{"news", "hi"}));
  CHECK(ada.expect_push<posted>("chat:message").text == "hi");
}

TEST_CASE("the backend calls without waiting") {
  room::app app;
  auto done = app.backend().call<room::receipt>("app::room:post", line{"hi"});
  REQUIRE(done);
  CHECK(done->id == 1);
  CHECK(app.events().expect<posted>().text == "hi");
  CHECK(app.backend().call("app::room:post", line{""}).error()
        == flamigo::errc::conflict);
  CHECK(failure_of<failure>([&] { app.backend().call<int>("app::room:wait"); })
        == "expected app::room:wait to answer the backend, but it waits for "
           "something: use call_async, then let it have that, or advance the "
           "clock");
  auto later = app.backend().call_async<int>("app::room:wait");
  app.advance(10s);
  CHECK(later.get().error() == flamigo::errc::timeout);
}

TEST_CASE("a client that is kicked disconnects") {
  room::app app;
  app.authenticate();
  auto ada = app.connect(user{.id = "1", .name = "Ada"});
  CHECK(app.connections().open() == 1);
  app.connections().kick_user("1");
  ada.expect_close(flamigo::close_code::kicked);
  CHECK(app.events().expect<flamigo::client_disconnected>().user == "1");
  CHECK(app.connections().open() == 0);
}

TEST_CASE("an actor that was left behind does not hold up the end") {
  flamigo::testing::app app;
  app.system().spawn([] { return caf::behavior{[](int) {}}; });
}

TEST_CASE("an app that serves is filled no more, as an application") {
  using namespace flamigo;
  flamigo::testing::app app;
  app.authenticate();
  app.strategies().add("app::test:early", [] { return 1; });
  app.start();
  CHECK_THROWS_AS(app.strategies().add("app::test:late", [] {}),
                  std::logic_error);
  CHECK_THROWS_AS(app.around("*",
                             [](context ctx, next next) -> task<raw_json> {
                               co_return co_await next(ctx);
                             }),
                  std::logic_error);
  CHECK_THROWS_AS(app.host([](domain_actor<>*) -> domain_behavior {
    return {on("app::test:late", [] {})};
  }),
                  std::logic_error);
  CHECK_THROWS_AS(app.channel("late"), std::logic_error);
  CHECK_THROWS_AS(app.authenticate(), std::logic_error);
  CHECK_THROWS_AS(app.on_open([](context&, client) {}), std::logic_error);
  auto ada = app.connect(user{.id = "1", .name = "Ada"});
  CHECK(ada.call<int>("app::test:early") == 1);
}
