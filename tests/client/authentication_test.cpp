// Authentication at one connection, on a virtual clock.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include "flamigo/client/auth_strategy.hpp"
#include "flamigo/client/client_atoms.hpp"
#include "flamigo/client/client_feed.hpp"
#include "flamigo/client/transport.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/metrics/metric_registry.hpp"
#include "support/auth_fixture.hpp"

using namespace flamigo;
using namespace flamigo::test;
using testing::fake_client;
using namespace std::chrono_literals;

namespace {

const std::string name_call = call("app::test:name", "null", 7);

std::string only(fake_client& client) {
  auto frames = client.heard();
  REQUIRE(frames.size() == 1);
  return frames.front();
}

int status_in(const std::string& frame) {
  auto i = frame.find(R"("status":)");
  return i == frame.npos ? 0 : std::stoi(frame.substr(i + 9));
}

int only_status(fake_client& client) {
  return status_in(only(client));
}

std::string named(const std::string& name, int ack_id = 7) {
  return replied("app::test:name", "\"" + name + "\"", ack_id);
}

/// A client of a protocol in which a connection is let in or refused.
struct door : transport {
  void send(std::string_view text) override {
    heard.emplace_back(text);
  }

  void close(const close_reason&) override {
    log += 'c';
  }

  void opened() override {
    log += 'o';
  }

  bool refused(const caf::error& why) override {
    log += 'r';
    status = status_of(why);
    return turns_away;
  }

  strings heard;
  std::string log;
  int status = 0;
  bool turns_away = true;
};

/// What the bridge does after the process has stood still.
struct late_transport : transport {
  void send(std::string_view text) override {
    heard.emplace_back(text);
  }

  void close(const close_reason& why) override {
    closed = why.code;
  }

  bool has_input() const override {
    return waiting;
  }

  strings heard;
  int closed = 0;
  bool waiting = false;
};

} // namespace

// -- the gate -----------------------------------------------------------------

TEST_CASE("everything but authenticating and open strategies answers 401") {
  auth_fixture f;
  f.verify_at_once();
  fake_client client{f, f.env};
  client.say(name_call);
  CHECK(only_status(client) == 401);
  client.say(call("app::test:nonsense"));
  CHECK(only_status(client) == 401);
  client.say(call("app::test:open"));
  CHECK(only(client) == replied("app::test:open", "1"));
  client.say(auth_call("ada"));
  CHECK(only(client) == welcome());
  client.say(name_call);
  CHECK(only(client) == named("Ada"));
  client.say(call("app::test:nonsense"));
  CHECK(only_status(client) == 404);
  client.say(call("app::test:moderate"));
  CHECK(only_status(client) == 403);
}

TEST_CASE("a refused token may be followed by a good one") {
  auth_fixture f;
  f.verify_at_once();
  fake_client client{f, f.env};
  client.say(auth_call("mallory"));
  auto frame = only(client);
  CHECK(status_in(frame) == 401);
  CHECK(contains(frame, "who are you?"));
  client.say(call(auth_name, R"({"token":7})"));
  CHECK(only_status(client) == 400);
  client.say(auth_call("ada"));
  CHECK(only(client) == welcome());
}

TEST_CASE("who does not authenticate in time is closed with 3502") {
  auth_fixture f;
  f.verify_at_once();
  fake_client silent{f, f.env};
  fake_client busy{f, f.env, {}, "c2"};
  f.advance(9'999ms);
  CHECK_FALSE(silent.closed());
  busy.say(auth_call("ada"));
  f.advance(1ms);
  REQUIRE(silent.closed());
  CHECK(silent.closed()->code == 3502);
  f.advance(24h);
  CHECK_FALSE(busy.closed());
}

TEST_CASE("a client that is not known may not say much") {
  auth_fixture f;
  f.verify_at_once();
  SECTION("in messages") {
    fake_client client{f, f.env};
    for (int i = 0; i < 32; ++i)
      client.say("nonsense");
    // Malformed ones have a limit of their own.
    CHECK(client.closed()->code == 3501);
    fake_client other{f, f.env, {}, "c2"};
    for (int i = 0; i < 32; ++i)
      other.say(call("app::test:open"));
    CHECK_FALSE(other.closed());
    other.say(auth_call("ada"));
    CHECK(other.closed()->code == 3013);
  }
  SECTION("in bytes") {
    fake_client client{f, f.env};
    client.say(auth_call(std::string(16'384, 'x')));
    CHECK(client.closed()->code == 3013);
    CHECK(client.heard().empty());
  }
  SECTION("but a user may") {
    fake_client client{f, f.env};
    client.say(auth_call("ada"));
    for (int i = 0; i < 100; ++i)
      client.say(call("app::test:open", std::string(1'000, ' ') + "1"));
    CHECK_FALSE(client.closed());
  }
}

TEST_CASE("the bus has nothing for a client that is not known") {
  auth_fixture f;
  f.verify_at_once();
  auto message = pushed("chat:message", R"({"room":"a","text":"hi"})");
  SECTION("until it is") {
    fake_client client{f, f.env};
    client.say(call("app::test:follow", R"("rooms/a")"));
    CHECK(client.heard().size() == 1);
    CHECK_FALSE(f.bus.publish(posted{"a", "hi"}));
    f.run();
    CHECK(client.heard().empty());
    client.say(auth_call("ada"));
    client.heard();
    CHECK_FALSE(f.bus.publish(posted{"a", "hi"}));
    f.run();
    CHECK(only(client) == message);
  }
  SECTION("unless the application wants it") {
    f.env.auth->options.guest_events = true;
    fake_client client{f, f.env};
    client.say(call("app::test:follow", R"("rooms/a")"));
    client.heard();
    CHECK_FALSE(f.bus.publish(posted{"a", "hi"}));
    f.run();
    CHECK(only(client) == message);
  }
}

TEST_CASE("a user who signs out is a guest with a new time limit") {
  auth_fixture f;
  f.verify_at_once();
  f.strategies.add("app::test:leave", [](context& ctx) {
    return require_actor<websocket_client>(ctx)->set_user({});
  });
  fake_client client{f, f.env};
  client.say(auth_call("ada"));
  f.advance(1h);
  client.say(call("app::test:leave"));
  client.heard();
  client.say(name_call);
  CHECK(only_status(client) == 401);
  CHECK_FALSE(f.bus.publish(posted{"a", "hi"}));
  f.advance(9s);
  CHECK_FALSE(client.closed());
  // It has left subscriptions behind.
  client.say(auth_call("bob"));
  CHECK(only_status(client) == 409);
  client.say(auth_call("ada"));
  CHECK(only(client) == welcome());
  f.advance(1h);
  CHECK_FALSE(client.closed());
}

// -- the same user again ------------------------------------------------------

TEST_CASE("a refresh that was under way does not undo a sign-out") {
  auth_fixture f;
  f.verify_later();
  f.strategies.add("app::test:leave", [](context& ctx) {
    return require_actor<websocket_client>(ctx)->set_user(std::nullopt);
  });
  testing::fake_client client{f, f.env};
  client.say(auth_call("ada"));
  f.run();
  f.answer();
  CHECK(client.heard() == strings{welcome()});
  client.say(auth_call("ada", 2));
  f.run();
  client.say(call("app::test:leave", "null", 3));
  CHECK(client.heard() == strings{replied("app::test:leave", "null", 3)});
  f.answer();
  auto heard = client.heard();
  REQUIRE(heard.size() == 1);
  CHECK(contains(heard[0], R"("code":"conflict")"));
  client.say(call("app::test:name"));
  CHECK(contains(client.heard().at(0), R"("status":401)"));
  // A proof that is shown afterwards counts.
  client.say(auth_call("ada", 4));
  f.run();
  f.answer();
  CHECK(client.heard() == strings{welcome(4)});
}

TEST_CASE("nobody is out of time while his message waits to be read") {
  auth_fixture f;
  f.verify_at_once();
  for (auto in_time : {true, false}) {
    auto out = std::make_shared<late_transport>();
    auto who = std::make_shared<claims>();
    who->type = claims_type::websocket;
    client_feed feed{f.env, &f.unit, out, who};
    f.run();
    out->waiting = true;
    f.advance(f.env.auth->options.timeout);
    CHECK(out->closed == 0);
    if (in_time) {
      feed.message(auth_call("ada"));
      out->waiting = false;
      f.advance(10s);
      CHECK(out->closed == 0);
      CHECK(out->heard == strings{welcome()});
    } else {
      // Who only keeps the socket busy gains nothing.
      f.advance(100ms);
      CHECK(out->closed == 3502);
    }
    feed.closed({1001, ""});
    f.run();
  }
}

TEST_CASE("the same user again gets other permissions, another one 409") {
  auth_fixture f;
  f.verify_at_once();
  fake_client client{f, f.env};
  client.say(auth_call("ada"));
  client.say(call("app::test:follow", R"("rooms/a")"));
  client.heard();
  client.say(call("app::test:moderate"));
  CHECK(only_status(client) == 403);
  client.say(auth_call("moderator ada"));
  CHECK(only(client) == welcome());
  client.say(call("app::test:moderate"));
  CHECK(only(client) == replied("app::test:moderate", "1"));
  client.say(auth_call("bob"));
  CHECK(only_status(client) == 409);
  client.say(name_call);
  CHECK(only(client) == named("Ada"));
  CHECK_FALSE(f.bus.publish(posted{"a", "hi"}));
  f.run();
  CHECK(contains(only(client), "chat:message"));
}

TEST_CASE("a proof that has expired closes with 3005 after a grace") {
  auth_fixture f;
  f.verify_at_once();
  f.users["short"] = {"1", "Ada", {}, f.now() + 60s, {}};
  fake_client client{f, f.env};
  client.say(auth_call("short"));
  f.advance(84'999ms);
  client.heard();
  client.say(name_call);
  CHECK(only(client) == named("Ada"));
  SECTION("it was not refreshed") {
    f.advance(1ms);
    REQUIRE(client.closed());
    CHECK(client.closed()->code == 3005);
  }
  SECTION("it was refreshed") {
    f.users["short"].expiry = f.now() + 60s;
    client.say(auth_call("short"));
    f.advance(84s);
    CHECK_FALSE(client.closed());
    f.advance(1s);
    CHECK(client.closed()->code == 3005);
  }
  SECTION("the new proof does not expire") {
    client.say(auth_call("ada"));
    f.advance(24h * 30);
    CHECK_FALSE(client.closed());
  }
}

TEST_CASE("who authenticates is told how long that is good") {
  auth_fixture f;
  f.verify_at_once();
  f.users["short"] = {"1", "Ada", {}, f.now() + 60s, {}};
  // Tokens are taken a little longer than they say.
  f.users["over"] = {"1", "Ada", {}, f.now() - 1s, {}};
  f.users["long"]
    = {"1", "Ada", {}, std::chrono::system_clock::time_point::max(), {}};
  fake_client client{f, f.env};
  auto left = [&](std::string_view token) {
    client.say(auth_call(token));
    auto reply = only(client);
    auto at = reply.find(R"("expiresInMs":)");
    return at == reply.npos ? -1 : std::stoll(reply.substr(at + 14));
  };
  CHECK(left("short") == 60'000);
  f.advance(1500ms);
  CHECK(left("short") == 58'500);
  CHECK(left("over") == 0);
  CHECK(left("long") > 1'000'000'000'000);
  CHECK(left("ada") == -1);
}

TEST_CASE("a clock that is set forward, or a host that slept, is noticed") {
  auth_fixture f;
  f.verify_at_once();
  f.users["day"] = {"1", "Ada", {}, f.now() + 24h, {}};
  fake_client client{f, f.env};
  client.say(auth_call("day"));
  client.heard();
  // To the second, without a timer that has run out.
  f.set_forward = 24h + f.env.auth->options.expiry_grace - 1s;
  client.say(name_call);
  CHECK(only(client) == named("Ada"));
  f.set_forward += 1s;
  SECTION("at once where the client acts") {
    client.say(name_call);
    CHECK(contains(only(client), R"("status":401)"));
    REQUIRE(client.closed());
    CHECK(client.closed()->code == 3005);
  }
  SECTION("at once also in what guests may do") {
    client.say(call("app::test:open"));
    CHECK(contains(only(client), R"("message":"the token has expired")"));
    CHECK(client.closed());
  }
  SECTION("at once also where no such strategy is") {
    client.say(call("app::test:nothing"));
    CHECK(contains(only(client), R"("status":401)"));
    CHECK(client.closed());
  }
  SECTION("within a minute where the client listens only") {
    f.advance(59s);
    CHECK_FALSE(client.closed());
    f.advance(1s);
    REQUIRE(client.closed());
    CHECK(client.closed()->code == 3005);
  }
  SECTION("a fresh proof that comes first is taken") {
    f.users["day"].expiry = f.now() + f.set_forward + 1h;
    client.say(auth_call("day"));
    CHECK(contains(only(client), R"("expiresInMs":3600000)"));
    client.say(name_call);
    CHECK(only(client) == named("Ada"));
    f.advance(2min);
    CHECK_FALSE(client.closed());
  }
}

TEST_CASE("a clock that was wrong for a while counts as long as it is") {
  auth_fixture f;
  f.verify_at_once();
  f.users["short"] = {"1", "Ada", {}, f.now() + 60s, {}};
  fake_client client{f, f.env};
  client.say(auth_call("short"));
  client.heard();
  f.set_forward = -1h;
  f.advance(1h);
  client.say(name_call);
  CHECK(only(client) == named("Ada"));
  f.set_forward = 0h;
  client.say(name_call);
  CHECK(contains(only(client), R"("status":401)"));
  CHECK(client.closed()->code == 3005);
}

TEST_CASE("a fresh proof counts that stands behind a request out of time") {
  auth_fixture f;
  f.verify_at_once();
  f.users["short"] = {"1", "Ada", {}, f.now() + 60s, {}};
  auto out = std::make_shared<late_transport>();
  auto who = std::make_shared<claims>();
  who->type = claims_type::websocket;
  client_feed feed{f.env, &f.unit, out, who};
  feed.message(auth_call("short"));
  f.run();
  f.set_forward = 24h;
  out->waiting = true;
  out->heard.clear();
  for (int i = 0; i < 3; ++i)
    feed.message(name_call);
  f.run();
  REQUIRE(out->heard.size() == 3);
  for (auto& frame : out->heard)
    CHECK(status_in(frame) == 401);
  CHECK(out->closed == 0);
  out->heard.clear();
  SECTION("it comes") {
    feed.message(auth_call("ada"));
    feed.message(name_call);
    f.advance(1h);
    CHECK(out->heard == strings{welcome(), named("Ada")});
    CHECK(out->closed == 0);
  }
  SECTION("it does not come") {
    f.advance(99ms);
    CHECK(out->closed == 0);
    f.advance(1ms);
    CHECK(out->closed == 3005);
  }
  feed.closed({1001, ""});
  f.run();
}

TEST_CASE("a fresh proof counts that is being verified") {
  auth_fixture f;
  f.verify_later();
  f.users["short"] = {"1", "Ada", {}, f.now() + 60s, {}};
  fake_client client{f, f.env};
  client.say(auth_call("short"));
  f.run();
  f.answer();
  client.heard();
  f.set_forward = 24h;
  client.say(auth_call("ada"));
  client.say(name_call);
  CHECK(only_status(client) == 401);
  f.run();
  f.answer();
  CHECK(only(client) == welcome());
  client.say(name_call);
  CHECK(only(client) == named("Ada"));
  CHECK_FALSE(client.closed());
}

TEST_CASE("a proof whose grace is over is no proof") {
  auth_fixture f;
  f.verify_at_once();
  f.users["stale"] = {"1", "Ada", {}, f.now() - 25s, {}};
  fake_client client{f, f.env};
  client.say(auth_call("stale"));
  CHECK(only_status(client) == 401);
  CHECK_FALSE(client.closed());
}

TEST_CASE("a proof expires while a strategy runs") {
  auth_fixture f;
  f.verify_at_once();
  std::optional<response_promise<int>> parked;
  f.strategies.add("app::test:park", [&](context& ctx) {
    return parked.emplace(ctx.make_promise<int>());
  });
  f.users["short"] = {"1", "Ada", {}, f.now() - 20s, {}};
  fake_client client{f, f.env};
  client.say(auth_call("short"));
  client.say(call("app::test:park"));
  client.heard();
  f.advance(5s);
  CHECK(client.closed()->code == 3005);
  parked->deliver(1);
  f.advance(1min);
  CHECK(client.heard().empty());
}

// -- at connect ---------------------------------------------------------------

TEST_CASE("a token that comes with the connection is asked about first") {
  auth_fixture f;
  f.verify_at_once();
  strings met;
  f.env.on_open = [&](flamigo::client& who) {
    met.push_back(who.state<std::string>());
    who.send("hello", 1);
  };
  SECTION("it is good") {
    fake_client client{f, f.env, "ada"};
    CHECK(client.heard() == strings{pushed("hello", "1")});
    client.say(name_call);
    CHECK(only(client) == named("Ada"));
    f.advance(1h);
    CHECK_FALSE(client.closed());
  }
  SECTION("it is not") {
    fake_client client{f, f.env, "mallory \"\\"};
    auto frames = client.heard();
    REQUIRE(frames.size() == 2);
    CHECK(status_in(frames[0]) == 401);
    CHECK_FALSE(contains(frames[0], "ackId"));
    CHECK(frames[1] == pushed("hello", "1"));
    client.say(auth_call("ada"));
    CHECK(only(client) == welcome());
  }
  CHECK(met.size() == 1);
}

TEST_CASE("requests wait for the token of the connection, in order") {
  auth_fixture f;
  f.verify_later();
  int opened = 0;
  f.env.on_open = [&](flamigo::client&) { ++opened; };
  fake_client client{f, f.env, "ada"};
  client.say(call("app::test:name", "null", 1));
  client.say("nonsense");
  client.say(call("app::test:name", "null", 3));
  f.run();
  CHECK(client.heard().empty());
  CHECK(opened == 0);
  f.answer();
  CHECK(opened == 1);
  auto frames = client.heard();
  REQUIRE(frames.size() == 3);
  CHECK(frames[0] == named("Ada", 1));
  CHECK(status_in(frames[1]) == 400);
  CHECK(frames[2] == named("Ada", 3));
}

// -- races --------------------------------------------------------------------

TEST_CASE("two calls to authenticate at once run one after the other") {
  auth_fixture f;
  f.verify_later();
  fake_client client{f, f.env};
  client.say(auth_call("ada", 1));
  SECTION("as the same user") {
    client.say(auth_call("ada", 2));
    f.run();
    CHECK(f.asked.size() == 1);
    f.answer();
    CHECK(only(client) == welcome(1));
    f.answer();
    CHECK(only(client) == welcome(2));
  }
  SECTION("as two users") {
    client.say(auth_call("bob", 2));
    client.say(name_call);
    f.run();
    f.answer();
    // The third one need not wait any more.
    CHECK(client.heard() == strings{welcome(1), named("Ada")});
    f.answer();
    CHECK(only_status(client) == 409);
  }
  SECTION("and the second is good where the first was not") {
    f.users.erase("ada");
    client.say(auth_call("bob", 2));
    client.say(name_call);
    f.run();
    f.answer();
    CHECK(only_status(client) == 401);
    f.answer();
    CHECK(client.heard() == strings{welcome(2), named("Bob")});
  }
}

TEST_CASE("a user who authenticates twice at once is told to wait") {
  auth_fixture f;
  f.verify_later();
  fake_client client{f, f.env, "ada"};
  f.run();
  f.answer();
  client.say(auth_call("ada", 1));
  client.say(auth_call("ada", 2));
  CHECK(only_status(client) == 429);
  f.run();
  f.answer();
  CHECK(only(client) == welcome(1));
}

TEST_CASE("authentication is answered when the client has gone") {
  auth_fixture f;
  f.verify_later();
  {
    fake_client client{f, f.env, "ada"};
    client.say(name_call);
    f.run();
  }
  f.run();
  f.answer();
  CHECK(f.watch.open() == 0);
  CHECK(f.lifecycle == strings{"connected c1", "disconnected c1 nobody"});
}

TEST_CASE("authentication takes too long") {
  auth_fixture f;
  f.verify_later();
  fake_client client{f, f.env};
  f.env.options.request_timeout = 3s;
  client.say(auth_call("ada"));
  client.say(name_call);
  f.run();
  f.advance(3s);
  auto frames = client.heard();
  REQUIRE(frames.size() == 2);
  CHECK(status_in(frames[0]) == 504);
  CHECK(status_in(frames[1]) == 401);
  f.answer();
  client.say(name_call);
  CHECK(only_status(client) == 401);
  f.advance(7s);
  CHECK(client.closed()->code == 3502);
}

TEST_CASE("the actor that authenticates is down") {
  auth_fixture f;
  f.verify_later();
  caf::anon_send_exit(f.service, caf::exit_reason::kill);
  f.run();
  fake_client client{f, f.env};
  client.say(auth_call("ada"));
  f.run();
  CHECK(only_status(client) == 503);
}

TEST_CASE("the server drains while a client authenticates") {
  auth_fixture f;
  f.verify_later();
  fake_client client{f, f.env};
  client.say(auth_call("ada"));
  client.say(name_call);
  caf::anon_send(client.handle(), drain_atom_v);
  f.run();
  CHECK_FALSE(client.closed());
  f.answer();
  auto frames = client.heard();
  REQUIRE(frames.size() == 2);
  CHECK(frames[0] == welcome());
  CHECK(status_in(frames[1]) == 503);
  CHECK(client.closed()->code == 3001);
}

// -- kick ---------------------------------------------------------------------

TEST_CASE("kick_user closes all connections of a user") {
  auth_fixture f;
  f.verify_at_once();
  fake_client one{f, f.env, "ada", "c1"};
  fake_client two{f, f.env, "ada", "c2"};
  fake_client other{f, f.env, "bob", "c3"};
  f.watch.kick_user("1");
  f.run();
  CHECK(one.closed()->code == 3503);
  CHECK(two.closed()->code == 3503);
  CHECK_FALSE(other.closed());
  f.watch.kick_connection("c3");
  f.run();
  CHECK(other.closed()->code == 3503);
  f.watch.kick_connection("c4");
  f.run();
}

TEST_CASE("a client is kicked while it authenticates") {
  auth_fixture f;
  f.verify_later();
  fake_client client{f, f.env, "ada"};
  f.run();
  f.watch.kick_connection("c1");
  f.run();
  CHECK(client.closed()->code == 3503);
  f.answer();
  CHECK(client.heard().empty());
  CHECK(f.lifecycle == strings{"connected c1", "disconnected c1 nobody"});
}

TEST_CASE("a user is kicked while the proof is on its way") {
  auth_fixture f;
  f.verify_later();
  fake_client before{f, f.env, "ada", "c1"};
  f.run();
  f.watch.kick_user("1");
  f.run();
  f.advance(1s);
  fake_client after{f, f.env, "ada", "c2"};
  f.run();
  f.answer();
  f.answer();
  REQUIRE(before.closed());
  CHECK(before.closed()->code == 3503);
  CHECK_FALSE(after.closed());
}

// -- events -------------------------------------------------------------------

TEST_CASE("the bus is told once that a client is a user") {
  auth_fixture f;
  f.verify_at_once();
  {
    fake_client client{f, f.env};
    f.run();
    client.say(auth_call("ada"));
    client.say(auth_call("moderator ada"));
    f.run();
  }
  f.run();
  CHECK(f.lifecycle
        == strings{"connected c1", "authenticated c1 1", "disconnected c1 1"});
}

TEST_CASE("the topic of a user leads to all of its connections") {
  auth_fixture f;
  f.verify_at_once();
  f.users["odd"] = {"a/*", "Odd", {}, {}, {}};
  fake_client one{f, f.env, "odd", "c1"};
  fake_client two{f, f.env, "odd", "c2"};
  fake_client other{f, f.env, "bob", "c3"};
  CHECK(user_topic("a/*").text() == "users/a%2F%2A");
  CHECK_FALSE(f.bus.publish(for_user{"a/*", "hi"}));
  f.run();
  auto message = pushed("note", R"({"user":"a/*","text":"hi"})");
  CHECK(only(one) == message);
  CHECK(only(two) == message);
  CHECK(other.heard().empty());
}

// -- an application's own -----------------------------------------------------

struct desk_state {
  std::vector<response_promise<int>> parked;
};

/// A domain actor that takes an id for a proof, and answers when it is told.
domain_behavior desk(domain_actor<desk_state>* self) {
  return {
    on("app::websocket:auth",
       [=](context& ctx, const std::string& id) -> caf::result<int> {
         auto client = require_actor<websocket_client>(ctx);
         if (!client)
           return client.error();
         if (id.empty())
           return make_error(errc::unauthorized);
         if (auto err = client->set_user(user{.id = id, .name = id}))
           return err;
         self->state.parked.push_back(ctx.make_promise<int>());
         return self->state.parked.back();
       }),
    [=](caf::ok_atom) {
      for (auto& promise : self->state.parked)
        promise.deliver(42);
      self->state.parked.clear();
    },
  };
}

struct desk_fixture : auth_fixture {
  desk_fixture() {
    adopt(host(services, {}, desk));
    run();
  }

  /// The answers of the desk that are due.
  void answer() {
    auto domain = strategies.find(auth_name)->host()->slot->get();
    caf::anon_send(domain, caf::ok_atom::value);
    run();
  }
};

TEST_CASE("a domain actor may authenticate") {
  desk_fixture f;
  fake_client client{f, f.env};
  client.say(call(auth_name, R"("")", 1));
  client.say(call(auth_name, R"("x")", 2));
  client.say(name_call);
  f.run();
  CHECK(only_status(client) == 401);
  // It is a user now, but what comes does not overtake what waits.
  client.say(call("app::test:name", "null", 8));
  CHECK(client.heard().empty());
  f.answer();
  CHECK(client.heard()
        == strings{replied(auth_name, "42", 2), named("x"), named("x", 8)});
}

TEST_CASE("a domain actor makes nobody another user") {
  desk_fixture f;
  fake_client client{f, f.env};
  client.say(call(auth_name, R"("x")", 1));
  f.run();
  f.answer();
  client.heard();
  client.say(call(auth_name, R"("y")", 2));
  f.run();
  f.answer();
  CHECK(only_status(client) == 409);
  client.say(call(auth_name, R"("x")", 3));
  f.run();
  f.answer();
  CHECK(only(client) == replied(auth_name, "42", 3));
}

TEST_CASE("an answer of the one who verifies leaves no timer behind") {
  auth_fixture f;
  f.verify_later();
  fake_client client{f, f.env};
  auto timers = [&f] { return f.scheduler.clock().schedule().size(); };
  auto authenticate = [&](const char* token) {
    client.say(auth_call(token));
    f.run();
    f.answer();
  };
  // The connection's own: for what it has in flight.
  authenticate("ada");
  auto before = timers();
  for (int i = 0; i < 100; ++i) {
    authenticate("ada");
    authenticate("nobody");
  }
  CHECK(timers() == before);
}

// -- ids ----------------------------------------------------------------------

TEST_CASE("a user has an id of which topics can be made") {
  auth_fixture f;
  f.verify_at_once();
  // Written as topics have it, it is three times as long.
  f.users["largest"] = {std::string(max_user_id, '/'), "Ada", {}, {}, {}};
  f.users["too large"] = {std::string(max_user_id + 1, 'a'), "Bob", {}, {}, {}};
  {
    fake_client client{f, f.env};
    client.say(auth_call("too large"));
    CHECK(only_status(client) == 500);
    client.say(name_call);
    CHECK(only_status(client) == 401);
    client.say(auth_call("largest"));
    CHECK(only(client) == welcome());
  }
  f.run();
  REQUIRE(f.lifecycle.size() == 3);
  CHECK(f.lifecycle[1].starts_with("authenticated c1 //"));
  CHECK(f.lifecycle[2].starts_with("disconnected c1 //"));
}

TEST_CASE("an id that is too long is refused by a domain as well") {
  desk_fixture f;
  fake_client client{f, f.env};
  client.say(call(auth_name, '"' + std::string(max_user_id + 1, 'a') + '"', 1));
  f.run();
  f.answer();
  CHECK(only_status(client) == 500);
  CHECK_FALSE(client.closed());
}

// -- secrets ------------------------------------------------------------------

TEST_CASE("a token does not get into an error") {
  auth_fixture f;
  const std::string token = "hush-hush";
  f.env.options.expose_traces = true;
  auto verify = [](std::string_view what,
                   const claims&) -> caf::expected<user> {
    auto text = "cannot make sense of " + std::string{what};
    if (what.ends_with("1"))
      throw std::runtime_error{text};
    if (what.ends_with("2"))
      return internal_error(text);
    return make_error(errc::unauthorized, text);
  };
  add_auth_strategy(f.strategies, verify);
  fake_client client{f, f.env};
  for (auto [number, status] : {std::pair{"1", 500}, {"2", 500}, {"3", 401}}) {
    client.say(auth_call(token + number));
    auto frame = only(client);
    CHECK(status_in(frame) == status);
    CHECK_FALSE(contains(frame, token));
    CHECK(contains(frame, "the token is part of it"));
  }
}

TEST_CASE("a part of a token does not get into an error") {
  auth_fixture f;
  f.env.options.expose_traces = true;
  auto verify = [](std::string_view what,
                   const claims&) -> caf::expected<user> {
    return internal_error("bad payload: " + std::string{what.substr(21, 20)});
  };
  add_auth_strategy(f.strategies, verify);
  fake_client client{f, f.env};
  client.say(auth_call("header-header-header.payload-payload-payl.signature"));
  CHECK_FALSE(contains(only(client), "payload-payload"));
}

// -- being let in -------------------------------------------------------------

TEST_CASE("a transport is told, once, that its client was let in") {
  auth_fixture f;
  auto asked = GENERATE(false, true);
  if (asked)
    f.verify_later();
  else
    f.verify_at_once();
  auto out = std::make_shared<door>();
  std::string token = "ada";
  SECTION("with a good token") {
  }
  SECTION("without a token") {
    token.clear();
    asked = false;
  }
  SECTION("where nobody need authenticate") {
    f.env.auth.reset();
    asked = false;
  }
  std::string before;
  if (f.env.auth)
    f.env.on_open = [&](client&) { before = out->log + '.'; };
  auto who = std::make_shared<claims>();
  who->type = claims_type::websocket;
  who->connection_id = "c1";
  client_feed feed{f.env, &f.unit, out, who, token};
  f.run();
  if (asked) {
    CHECK(out->log.empty());
    f.answer();
    f.run();
  }
  CHECK(out->log == "o");
  if (f.env.auth)
    CHECK(before == ".");
  feed.closed({1001, ""});
  f.run();
}

TEST_CASE("a transport may turn away who has shown a bad token") {
  auth_fixture f;
  f.verify_at_once();
  auto out = std::make_shared<door>();
  out->turns_away = GENERATE(true, false);
  auto who = std::make_shared<claims>();
  who->type = claims_type::websocket;
  who->connection_id = "c1";
  auto prepared = 0;
  f.env.on_open = [&](client&) { ++prepared; };
  client_feed feed{f.env, &f.unit, out, who, "mallory"};
  f.run();
  CHECK(out->status == 401);
  CHECK(out->log == (out->turns_away ? "r" : "ro"));
  CHECK(out->heard.size() == (out->turns_away ? 0 : 1));
  CHECK(prepared == (out->turns_away ? 0 : 1));
  CHECK(out.use_count() == (out->turns_away ? 1 : 2));
  feed.closed({1001, ""});
  f.run();
}

TEST_CASE("claims say what carries a client now") {
  auth_fixture f;
  f.verify_at_once();
  auto out = std::make_shared<door>();
  auto who = std::make_shared<claims>();
  who->type = claims_type::websocket;
  who->connection_id = "c1";
  who->protocol = client_protocol::socket_io;
  who->transport = client_transport::polling;
  client_feed feed{f.env, &f.unit, out, who};
  feed.moved(client_transport::websocket);
  claims_ptr now;
  caf::scoped_actor self{f.system};
  auto asked = self->request(feed.client(), caf::infinite, claims_atom_v);
  f.run();
  asked.receive([&](claims_ptr& x) { now = x; }, [](caf::error&) {});
  REQUIRE(now);
  CHECK(to_string(now->transport) == "websocket");
  CHECK(to_string(now->protocol) == "socket.io");
  CHECK(who->transport == client_transport::polling);
  feed.closed({1001, ""});
  f.run();
}

TEST_CASE("proofs are counted by what becomes of them") {
  using detail::auth_outcome;
  using detail::metric;
  auth_fixture f;
  f.verify_at_once();
  metric_registry counted{f.strategies.numbered()};
  f.env.metrics = &counted;
  auto count = [&](auth_outcome what) {
    return counted.sum(metric::authentications, static_cast<std::size_t>(what));
  };
  fake_client client{f, f.env};
  client.say(auth_call("nobody"));
  client.say(auth_call("somebody"));
  CHECK(count(auth_outcome::refused) == 2);
  CHECK(count(auth_outcome::accepted) == 0);
  client.say(auth_call("ada"));
  CHECK(count(auth_outcome::accepted) == 1);
  // Not for what others are refused.
  client.say(call("app::test:moderate"));
  CHECK(count(auth_outcome::refused) == 2);
  CHECK(count(auth_outcome::failed) == 0);
}
