// What a domain actor has subscribed clients to, when it ends.

#include <cstddef>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/client/client.hpp"
#include "flamigo/client/websocket_client.hpp"
#include "flamigo/domain/detail/client_ties.hpp"
#include "flamigo/domain/domain_actor.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/testing/app.hpp"
#include "support/events.hpp"

using namespace flamigo;
using test::posted;

namespace {

domain_behavior tables(domain_actor<>* self) {
  return {
    on("app::table:sit",
       [](context& ctx, const std::string& room) {
         return require_actor<websocket_client>(ctx)->subscribe("rooms/"
                                                                + room);
       }),
    on("app::table:stand",
       [](context& ctx, const std::string& room) {
         require_actor<websocket_client>(ctx)->unsubscribe("rooms/" + room);
       }),
    on("app::table:own",
       [](context& ctx) {
         return require_actor<websocket_client>(ctx)->subscribe(
           "app::own:name", [] { return std::string{"mine"}; });
       }),
    on("app::table:fall", [=] { self->quit(make_error(errc::internal)); }),
    on("app::table:leave", [=] { self->quit(); }),
  };
}

struct world {
  explicit world(bool keep) {
    hosting_options options;
    options.keep_client_subscriptions = keep;
    app.host(options, tables);
    app.on_open([](flamigo::client& who) { who.subscribe("rooms/hall"); });
    app.strategies().add("app::any:sit", [](context& ctx,
                                            const std::string& room) {
      return require_actor<websocket_client>(ctx)->subscribe("rooms/" + room);
    });
  }

  /// Whether the client gets what is published in this room.
  bool hears(testing::fake_client& who, const std::string& room) {
    app.run();
    (void) who.heard();
    CHECK_FALSE(app.bus().publish(posted{room, "hi"}));
    app.run();
    return who.heard().size() == 1;
  }

  /// The domain has begun its next life.
  void fall(testing::fake_client& who) {
    who.send("app::table:fall");
    app.run();
    CHECK(app.domains().restarts() == ++lives);
  }

  testing::app app;
  std::size_t lives = 0;
};

std::string mine(testing::fake_client& who) {
  return who.call<std::string>("app::own:name");
}

} // namespace

TEST_CASE("what a domain has subscribed a client to outlives it") {
  world f{true};
  auto ada = f.app.connect();
  ada.call("app::table:sit", std::string{"1"});
  ada.call("app::table:own");
  f.fall(ada);
  CHECK(f.hears(ada, "1"));
  CHECK(mine(ada) == "mine");
}

TEST_CASE("what a domain has subscribed a client to may end with it") {
  world f{false};
  auto ada = f.app.connect();
  auto bob = f.app.connect();
  ada.call("app::table:sit", std::string{"1"});
  ada.call("app::table:sit", std::string{"2"});
  ada.call("app::table:own");
  bob.call("app::table:sit", std::string{"1"});
  CHECK(f.hears(ada, "1"));
  CHECK(mine(ada) == "mine");
  f.fall(ada);
  CHECK_FALSE(f.hears(ada, "1"));
  CHECK_FALSE(f.hears(ada, "2"));
  CHECK_FALSE(f.hears(bob, "1"));
  ada.expect_error(ada.send("app::own:name"), 404);
  // What somebody else has subscribed it to stays.
  CHECK(f.hears(ada, "hall"));
  // The bus knows no more of it than the client.
  auto who = caf::actor_cast<caf::strong_actor_ptr>(ada.handle());
  CHECK(f.app.bus().subscriptions(who.get()) == 1);
  who = nullptr;
  // The next life subscribes anew, and ends in its turn.
  ada.call("app::table:sit", std::string{"1"});
  CHECK(f.hears(ada, "1"));
  f.fall(bob);
  CHECK_FALSE(f.hears(ada, "1"));
}

TEST_CASE("what a client has subscribed itself to stays") {
  world f{false};
  f.app.channel("rooms/*", {}, {.history = history_limits{}});
  auto ada = f.app.connect();
  ada.subscribe("rooms/1");
  ada.call("app::table:sit", std::string{"1"});
  ada.call("app::table:sit", std::string{"2"});
  ada.subscribe("rooms/2");
  ada.call("app::table:sit", std::string{"3"});
  f.app.run();
  (void) ada.heard();
  f.fall(ada);
  CHECK(ada.expect_push("unsubscribed").text
        == R"({"topic":"rooms/3","code":"forbidden"})");
  CHECK(ada.heard().size() == 1);
  CHECK(f.hears(ada, "1"));
  CHECK(f.hears(ada, "2"));
  CHECK_FALSE(f.hears(ada, "3"));
  // It is the client's alone now.
  ada.unsubscribe("rooms/2");
  CHECK_FALSE(f.hears(ada, "2"));
}

TEST_CASE("a domain that leaves takes back its subscriptions as well") {
  world f{false};
  auto ada = f.app.connect();
  ada.call("app::table:sit", std::string{"1"});
  ada.send("app::table:leave");
  CHECK_FALSE(f.hears(ada, "1"));
}

TEST_CASE("a subscription is of who made it last") {
  world f{false};
  auto ada = f.app.connect();
  // By somebody else behind the domain, and the other way round.
  ada.call("app::table:sit", std::string{"1"});
  ada.call("app::any:sit", std::string{"1"});
  ada.call("app::any:sit", std::string{"2"});
  ada.call("app::table:sit", std::string{"2"});
  // And by nobody for a while.
  ada.call("app::table:sit", std::string{"3"});
  ada.call("app::table:stand", std::string{"3"});
  ada.call("app::any:sit", std::string{"3"});
  f.fall(ada);
  CHECK(f.hears(ada, "1"));
  CHECK_FALSE(f.hears(ada, "2"));
  CHECK(f.hears(ada, "3"));
}

TEST_CASE("a domain does not remember clients that have ended") {
  testing::actor_fixture f;
  detail::client_ties ties;
  static int released = 0;
  released = 0;
  auto release = [](const caf::actor&, caf::actor_id domain) {
    released += domain == 7;
  };
  auto spawn = [&f] {
    return f.system.spawn([](caf::event_based_actor*) {
      return caf::behavior{[](int x) { return x; }};
    });
  };
  auto stays = spawn();
  f.adopt(stays);
  ties.add(stays, release);
  for (int i = 0; i < 1'000; ++i) {
    ties.add(stays, release);
    auto goes = spawn();
    ties.add(goes, release);
    caf::anon_send_exit(goes, caf::exit_reason::kill);
    goes = nullptr;
    f.run();
  }
  CHECK(ties.size() <= 64);
  ties.end(7);
  CHECK(released == 1);
  CHECK(ties.size() == 0);
}
