#include "flamigo/client/client.hpp"

#include <chrono>
#include <optional>
#include <stdexcept>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/client/websocket_client.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/roster/client_events.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/strategy/backend.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/testing/app.hpp"
#include "flamigo/testing/fake_client.hpp"
#include "support/elsewhere.hpp"
#include "support/events.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::call;
using test::contains;
using test::posted;
using test::renamed;
using test::replied;
using test::strings;

namespace {

std::string pushed(const std::string& room, const std::string& text) {
  return test::pushed("chat:message",
                      R"({"room":")" + room + R"(","text":")" + text + R"("})");
}

/// The lifecycle events, as a domain gets them.
strings lifecycle;

domain_behavior watcher(domain_actor<>* self) {
  self->subscribe("websocket");
  return {listen(
    [](context& ctx, const client_connected& what) {
      lifecycle.push_back("connected " + what.connection_id + " "
                          + ctx.claims().type);
    },
    [](const client_disconnected& what) {
      lifecycle.push_back("disconnected " + what.connection_id + " "
                          + std::to_string(what.code) + " " + what.reason + " "
                          + std::to_string(what.duration));
    })};
}

/// A hosted strategy that subscribes whoever asks.
domain_behavior lobby(domain_actor<>* self) {
  return {
    on("app::lobby:join",
       [](context& ctx, const std::string& room) -> caf::result<void> {
         auto who = require_actor<websocket_client>(ctx);
         if (!who)
           return who.error();
         if (auto err = who->subscribe("rooms/" + room))
           return err;
         who->send("lobby:welcome", room);
         return ctx.publish(posted{room, "joined"});
       }),
    on("app::lobby:leave",
       [=](context& ctx, const std::string& room) -> caf::result<void> {
         auto who = require_actor<websocket_client>(ctx);
         if (!who)
           return who.error();
         who->unsubscribe("rooms/" + room);
         return self->publish(posted{room, "left"});
       }),
    on("app::lobby:close",
       [](context& ctx) {
         if (auto who = require_actor<websocket_client>(ctx))
           who->close({4000, "enough"});
       }),
  };
}

struct fixture : testing::actor_fixture {
  fixture() {
    lifecycle.clear();
    strategies.add("app::test:subscribe", [](context& ctx,
                                             const std::string& what) {
      return require_actor<websocket_client>(ctx)->subscribe(what);
    });
    strategies.add("app::test:unsubscribe",
                   [](context& ctx, const std::string& what) {
                     require_actor<websocket_client>(ctx)->unsubscribe(what);
                   });
    strategies.add("app::test:publish", [](context& ctx, const posted& what) {
      return ctx.publish(what);
    });
    strategies.add("app::test:name", [] { return std::string{"registry"}; });
    adopt(host(services, {}, lobby));
    adopt(host(services, {}, watcher));
    adopt(watch.handle());
    run();
  }

  roster watch{bus};
  client_environment env{services, {}, watch.handle()};
};

} // namespace

// -- forwarding ---------------------------------------------------------------

TEST_CASE("client events are forwarded to a subscribed client, others not") {
  fixture f;
  testing::fake_client client{f, f.env};
  client.say(call("app::test:subscribe", R"("*")"));
  client.heard();
  CHECK_FALSE(f.bus.publish(posted{"a", "1"}));
  CHECK_FALSE(f.bus.publish(renamed{"7", "Ada"}));
  f.run();
  CHECK(client.heard() == strings{pushed("a", "1")});
  client.say(call("app::test:unsubscribe", R"("*")"));
  client.heard();
  CHECK_FALSE(f.bus.publish(posted{"a", "2"}));
  f.run();
  CHECK(client.heard().empty());
}

TEST_CASE("what a strategy publishes comes before its reply") {
  fixture f;
  testing::fake_client client{f, f.env};
  client.say(call("app::test:subscribe", R"("rooms/a")"));
  client.heard();
  client.say(call("app::test:publish", R"({"room":"a","text":"1"})"));
  CHECK(client.heard()
        == strings{pushed("a", "1"), replied("app::test:publish", "null")});
}

TEST_CASE("a fan-out on one thread needs no turn of the actors") {
  fixture f;
  testing::fake_client one{f, f.env};
  testing::fake_client two{f, f.env};
  for (auto* x : {&one, &two}) {
    x->say(call("app::test:subscribe", R"("rooms/*")"));
    x->heard();
  }
  one.say(call("app::test:publish", R"({"room":"a","text":"1"})"));
  CHECK(two.heard() == strings{pushed("a", "1")});
}

TEST_CASE("a context that was kept may publish on any thread") {
  fixture f;
  std::optional<flamigo::context> kept;
  f.strategies.add("app::test:keep", [&kept](context& ctx) { kept = ctx; });
  testing::fake_client client{f, f.env};
  client.say(call("app::test:subscribe", R"("rooms/*")"));
  client.say(call("app::test:keep"));
  client.heard();
  test::elsewhere([&] { (void) kept->publish(posted{"a", "1"}); });
  // Writing at once is only for the thread that owns the connection.
  CHECK(client.heard().empty());
  f.run();
  CHECK(client.heard() == strings{pushed("a", "1")});
}

TEST_CASE("leaving while events wait: they do not come any more") {
  fixture f;
  testing::fake_client client{f, f.env};
  client.say(call("app::test:subscribe", R"("rooms/a")"));
  client.heard();
  test::elsewhere([&] { (void) f.bus.publish(posted{"a", "1"}); });
  client.say(call("app::test:unsubscribe", R"("rooms/a")"));
  f.run();
  CHECK(client.heard() == strings{replied("app::test:unsubscribe", "null")});
}

TEST_CASE("coming again while events wait: older ones do not come") {
  fixture f;
  testing::fake_client client{f, f.env};
  client.say(call("app::test:subscribe", R"("rooms/a")"));
  test::elsewhere([&] { (void) f.bus.publish(posted{"a", "1"}); });
  client.say(call("app::test:unsubscribe", R"("rooms/a")"));
  test::elsewhere([&] { (void) f.bus.publish(posted{"a", "2"}); });
  client.say(call("app::test:subscribe", R"("rooms/a")"));
  client.heard();
  test::elsewhere([&] { (void) f.bus.publish(posted{"a", "3"}); });
  // Once more is no new beginning.
  client.say(call("app::test:subscribe", R"("rooms/a")"));
  client.heard();
  f.run();
  CHECK(client.heard() == strings{pushed("a", "3")});
}

TEST_CASE("a client has a bounded number of subscriptions") {
  fixture f;
  f.env.options.max_subscriptions = 2;
  testing::fake_client client{f, f.env};
  for (auto what : {R"("a")", R"("b")", R"("c")"})
    client.say(call("app::test:subscribe", what));
  auto heard = client.heard();
  REQUIRE(heard.size() == 3);
  CHECK(contains(heard[1], R"("payload":null)"));
  CHECK(contains(heard[2], R"("code":"too_many_requests")"));
  client.say(call("app::test:unsubscribe", R"("a")"));
  client.say(call("app::test:subscribe", R"("c")"));
  CHECK(contains(client.heard().back(), R"("payload":null)"));
  client.say(call("app::test:subscribe", R"("c//d")"));
  CHECK(contains(client.heard().back(), "is no pattern"));
}

TEST_CASE("a client that is gone gets nothing and is forgotten") {
  fixture f;
  auto before = f.bus.size();
  {
    testing::fake_client client{f, f.env};
    client.say(call("app::test:subscribe", R"("rooms/a")"));
    client.heard();
    CHECK_FALSE(f.bus.publish(posted{"a", "1"}));
  }
  f.run();
  CHECK(f.bus.size() == before);
}

// -- from a domain actor ------------------------------------------------------

TEST_CASE("a hosted strategy subscribes its client and misses nothing") {
  fixture f;
  testing::fake_client client{f, f.env};
  client.say(call("app::lobby:join", R"("a")"));
  f.run();
  CHECK(client.heard()
        == strings{R"({"topic":"lobby:welcome","payload":"a"})",
                   pushed("a", "joined"), replied("app::lobby:join", "null")});
  client.say(call("app::lobby:leave", R"("a")"));
  f.run();
  CHECK(client.heard() == strings{replied("app::lobby:leave", "null")});
  client.say(call("app::lobby:close"));
  f.run();
  REQUIRE(client.closed());
  CHECK(client.closed()->code == 4000);
}

TEST_CASE("a client that leaves while it is subscribed is forgotten") {
  fixture f;
  auto before = f.bus.size();
  {
    testing::fake_client client{f, f.env};
    client.say(call("app::lobby:join", R"("a")"));
  }
  f.run();
  CHECK(f.bus.size() == before);
  CHECK(f.watch.open() == 0);
}

TEST_CASE("only a WebSocket client is one") {
  fixture f;
  backend program{f.services, 10s};
  auto result = program.call_async("app::lobby:join", std::string{"a"});
  f.run();
  auto answer = result.get();
  REQUIRE_FALSE(answer);
  CHECK(answer.error() == errc::forbidden);
}

// -- a client's own -----------------------------------------------------------

TEST_CASE("who is nobody's actor is no client") {
  fixture f;
  acting_actor program{{}, backend_claims()};
  context ctx{{&program, "event", "null", {}, nullptr, &f.services, nullptr}};
  CHECK(require_actor<websocket_client>(ctx).error() == errc::forbidden);
}

TEST_CASE("a handler runs for its client instead of forwarding") {
  fixture f;
  strings seen;
  f.env.on_open = [&seen](client& self) {
    self.subscribe("rooms/*");
    self.subscribe("rooms/secret",
                   [&seen, self](context& ctx, const posted& what) mutable {
                     seen.push_back(ctx.claims().type + " " + what.text);
                     self.send("hint", what.text.size());
                     if (what.text == "throw")
                       throw std::runtime_error{"no"};
                   });
  };
  testing::fake_client client{f, f.env};
  CHECK_FALSE(f.bus.publish(posted{"a", "open"}));
  CHECK_FALSE(f.bus.publish(posted{"secret", "four"}));
  CHECK_FALSE(f.bus.publish(posted{"secret", "throw"}));
  CHECK_FALSE(f.bus.publish(posted{"a", "after"}));
  f.run();
  CHECK(client.heard()
        == strings{pushed("a", "open"), R"({"topic":"hint","payload":4})",
                   R"({"topic":"hint","payload":5})", pushed("a", "after")});
  CHECK(seen == strings{"backend four", "backend throw"});
}

TEST_CASE("a client's own strategy wins over the registry's") {
  fixture f;
  f.env.on_open = [](client& self) {
    self.subscribe("app::test:name", [] { return std::string{"mine"}; });
    self.subscribe("app::test:guarded", is_server(), [] { return 1; });
  };
  testing::fake_client client{f, f.env};
  client.say(call("app::test:name"));
  CHECK(client.heard() == strings{replied("app::test:name", R"("mine")")});
  client.say(call("app::test:guarded"));
  CHECK(contains(client.heard().back(), R"("code":"forbidden")"));
  client.say(call("app::test:unsubscribe", R"("app::test:name")"));
  client.heard();
  client.say(call("app::test:name"));
  CHECK(client.heard() == strings{replied("app::test:name", R"("registry")")});
}

TEST_CASE("a client's own strategy may be dropped while it is answered") {
  fixture f;
  std::optional<response_promise<int>> promise;
  f.env.on_open = [&promise](client& self) {
    self.subscribe("app::mine:later", [&promise](context& ctx) {
      promise = ctx.make_promise<int>();
      return *promise;
    });
  };
  testing::fake_client client{f, f.env};
  client.say(call("app::mine:later"));
  client.say(call("app::test:unsubscribe", R"("app::mine:later")"));
  client.heard();
  promise->deliver(7);
  f.run();
  CHECK(client.heard() == strings{replied("app::mine:later", "7")});
  promise.reset();
}

TEST_CASE("a connection has state of the application's own") {
  fixture f;
  struct counter {
    int calls = 0;
  };
  f.strategies.add("app::test:count", [](context& ctx) {
    return ++require_actor<websocket_client>(ctx)->state<counter>().calls;
  });
  testing::fake_client one{f, f.env};
  testing::fake_client two{f, f.env};
  one.say(call("app::test:count"));
  one.say(call("app::test:count"));
  two.say(call("app::test:count"));
  CHECK(one.heard().back() == replied("app::test:count", "2"));
  CHECK(two.heard().back() == replied("app::test:count", "1"));
}

TEST_CASE("a client that was kept acts through its actor") {
  fixture f;
  std::optional<client> kept;
  f.env.on_open = [&kept](client& self) { kept = self; };
  testing::fake_client client{f, f.env};
  // Not in the connection's actor: as from any other thread.
  CHECK_FALSE(kept->subscribe("rooms/a"));
  kept->send("hello", 1);
  CHECK(client.heard().empty());
  CHECK_THROWS_AS(kept->state<int>(), std::logic_error);
  f.run();
  CHECK(client.heard() == strings{R"({"topic":"hello","payload":1})"});
  CHECK_FALSE(f.bus.publish(posted{"a", "1"}));
  f.run();
  CHECK(client.heard() == strings{pushed("a", "1")});
}

TEST_CASE("an on_open that throws closes the connection") {
  fixture f;
  f.env.on_open = [](client&) { throw std::runtime_error{"no room"}; };
  testing::fake_client client{f, f.env};
  f.run();
  REQUIRE(client.closed());
  CHECK(client.closed()->code == 1011);
}

// -- lifecycle ----------------------------------------------------------------

TEST_CASE("every connection is told of once when it opens and once it ends") {
  fixture f;
  {
    testing::fake_client client{f, f.env};
    f.run();
    CHECK(lifecycle == strings{"connected c1 websocket"});
    f.advance(2s);
  }
  f.run();
  CHECK(lifecycle
        == strings{"connected c1 websocket",
                   "disconnected c1 1001 the client went away 2000"});
}

TEST_CASE("the end of a connection tells which user it was") {
  fixture f;
  strings topics;
  auto listener = f.system.spawn([&](caf::event_based_actor* self) {
    self->join(f.bus.group("user/disconnected/7"));
    return caf::behavior{[&](const event_ptr& what) {
      auto* gone = what->get_if<client_disconnected>();
      topics.push_back(*gone->user + " " + what->cause().claims->user->name);
    }};
  });
  f.adopt(listener);
  f.strategies.add("app::test:who", [](context& ctx) {
    auto& who = ctx.claims().user;
    return who ? who->name : std::string{"nobody"};
  });
  f.strategies.add("app::test:login", [](context& ctx) {
    user who;
    who.id = "7";
    who.name = "Ada";
    require_actor<websocket_client>(ctx)->set_user(who);
  });
  f.run();
  {
    testing::fake_client client{f, f.env};
    client.say(call("app::test:who"));
    client.say(call("app::test:login"));
    client.say(call("app::test:who"));
    CHECK(client.heard()
          == strings{replied("app::test:who", R"("nobody")"),
                     replied("app::test:login", "null"),
                     replied("app::test:who", R"("Ada")")});
  }
  f.run();
  CHECK(topics == strings{"7 Ada"});
}

TEST_CASE("a connection that crashes has ended as well") {
  fixture f;
  {
    testing::fake_client client{f, f.env};
    f.run();
    caf::anon_send_exit(client.handle(), caf::exit_reason::kill);
    f.run();
    REQUIRE(lifecycle.size() == 2);
    CHECK(contains(lifecycle[1], "disconnected c1 1011"));
  }
  f.run();
  CHECK(lifecycle.size() == 2);
}

TEST_CASE("a connection that ends at once is told of in order") {
  fixture f;
  { testing::fake_client client{f, f.env}; }
  f.run();
  REQUIRE(lifecycle.size() == 2);
  CHECK(contains(lifecycle[0], "connected"));
  CHECK(contains(lifecycle[1], "disconnected"));
}

// -- waiting ------------------------------------------------------------------

TEST_CASE("a connection's actor may not wait for others") {
  fixture f;
  backend caller{f.services, 0s};
  f.adopt(caller.handle());
  f.strategies.add("app::test:wait", [&] {
    auto answer = caller.call<std::string>("app::test:name");
    auto report = f.bus.publish_sync(posted{"general", "hi"}, 0s);
    CHECK_FALSE(answer);
    REQUIRE_FALSE(report);
    CHECK(contains(trace_of(report.error()), "use ctx.publish_sync"));
  });
  testing::fake_client client{f, f.env};
  client.say(call("app::test:wait"));
  CHECK(client.heard() == strings{replied("app::test:wait", "null")});
  // The mark goes with the actor.
  CHECK(f.bus.publish_sync(posted{"general", "hi"}, 0s));
}

// -- handlers that take who asks ----------------------------------------------

TEST_CASE("a handler that takes a client is for clients") {
  testing::app app;
  app.authenticate();
  app.strategies().add("app::test:hint",
                       [](client& who, const std::string& text) {
                         who.send("hint", text);
                       });
  app.strategies().add("app::test:greet", [](client who, const user& me) {
    who.send("hint", me.name);
  });
  app.host([](domain_actor<>*) -> domain_behavior {
    return {on("app::hosted:hint", has_permission("hint"),
               [](context& ctx, const client& who) {
                 client{who}.send("hint", ctx.action());
               })};
  });
  auto guard = [&](std::string_view name) {
    return app.strategies().find(name)->info().guard;
  };
  CHECK(guard("app::test:hint") == "is_websocket");
  CHECK(guard("app::test:greet") == "all_of(is_websocket, is_authenticated)");
  CHECK(guard("app::hosted:hint")
        == "all_of(is_websocket, has_permission(hint))");
  auto ada
    = app.connect(user{.id = "1", .name = "Ada", .permissions = {"hint"}});
  ada.call("app::test:hint", std::string{"tea"});
  CHECK(ada.expect_push<std::string>("hint") == "tea");
  ada.call("app::test:greet");
  CHECK(ada.expect_push<std::string>("hint") == "Ada");
  ada.call("app::hosted:hint");
  CHECK(ada.expect_push<std::string>("hint") == "app::hosted:hint");
  auto refused = app.backend().call("app::test:hint", std::string{"tea"});
  CHECK(status_of(refused.error()) == 403);
}

TEST_CASE("a coroutine takes who asks by value") {
  testing::app app;
  app.authenticate();
  app.strategies().add("app::test:later",
                       [](context ctx, client who, user me,
                          std::string text) -> task<int> {
                         co_await sleep(ctx, 1s);
                         who.send("hint", me.name + text);
                         co_return 1;
                       });
  CHECK(app.strategies().list().at(0).guard
        == "all_of(is_websocket, is_authenticated)");
  auto ada = app.connect(user{.id = "1", .name = "Ada"});
  auto ref = ada.send("app::test:later", std::string{"!"});
  app.advance(1s);
  CHECK(ada.expect_push<std::string>("hint") == "Ada!");
  CHECK(ada.expect_reply<int>(ref) == 1);
}

TEST_CASE("who only says to be a client is none") {
  fixture f;
  f.strategies.add("app::test:hint", [](client& who) { who.send("hint", 1); });
  claims lying;
  lying.type = claims_type::websocket;
  acting_actor robot{f.watch.handle(),
                     std::make_shared<const claims>(std::move(lying))};
  context ctx{
    {&robot, "app::test:hint", "null", {}, nullptr, &f.services, nullptr}};
  auto what = f.strategies.find("app::test:hint");
  CHECK_FALSE(what->check(ctx.claims()));
  std::string out;
  auto result = what->handlers()->invoke(ctx, out);
  CHECK(status_of(result.error()) == 403);
}

TEST_CASE("what a client is sent does not look like the framework's words") {
  testing::app app;
  app.strategies().add("app::test:send",
                       [](context&, client& who, const std::string& name) {
                         who.send(name, 1);
                       });
  app.strategies().add("app::test:make",
                       [](context&, client& who, const std::string& name) {
                         who.send(client_message{name, {"1"}});
                       });
  auto ada = app.connect();
  for (auto name : {"app::test:send", "app::test:make"}) {
    CAPTURE(name);
    ada.expect_error(ada.send(name, "subscribed"), 500);
    ada.call<void>(name, "news");
    CHECK(ada.expect_push<int>("news") == 1);
  }
  ada.expect_nothing();
  CHECK_THROWS_AS(client{ada.handle()}.send({"close", {"1"}}),
                  std::invalid_argument);
}
