#include "flamigo/client/websocket_client.hpp"

#include <chrono>
#include <optional>
#include <stdexcept>

#include <catch2/catch_test_macros.hpp>

#include <boost/describe/class.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/client/client.hpp"
#include "flamigo/client/client_atoms.hpp"
#include "flamigo/client/client_feed.hpp"
#include "flamigo/client/transport.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/testing/fake_client.hpp"
#include "flamigo/wire/client_message.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::contains;
using test::strings;

namespace {

struct point {
  int x;
  int y;
};

BOOST_DESCRIBE_STRUCT(point, (), (x, y))

/// What the hosted strategies of these tests remember between calls.
struct desk_state {
  std::optional<response_promise<std::string>> promise;
  int calls = 0;
};

domain_behavior desk(domain_actor<desk_state>* self) {
  return {
    on("app::desk:count", [=] { return ++self->state.calls; }),
    on("app::desk:later",
       [=](context& ctx) {
         self->state.promise = ctx.make_promise<std::string>();
         return *self->state.promise;
       }),
    on("app::desk:deliver",
       [=](const std::string& text) {
         self->state.promise->deliver(text);
         self->state.promise.reset();
       }),
    on("app::desk:throw",
       [=]() -> int { throw std::runtime_error{"no paper left"}; }),
    on("app::desk:quit", [=] { self->quit(caf::sec::runtime_error); }),
  };
}

struct fixture : testing::actor_fixture {
  fixture() {
    strategies.add("app::test:echo", [](const raw_json& in) { return in; });
    strategies.add("app::test:norm",
                   [](const point& in) { return in.x * in.x + in.y * in.y; });
    strategies.add("app::test:nothing", [] {});
    strategies.add("app::test:refuse", []() -> caf::result<int> {
      return make_error(errc::conflict, "it is taken");
    });
    strategies.add("app::test:throw",
                   []() -> int { throw std::runtime_error{"broken"}; });
    strategies.add("app::test:backend_only", is_server(), [] { return 1; });
    strategies.add("app::test:later", [this](context& ctx) {
      promise = ctx.make_promise<int>();
      return *promise;
    });
    adopt(host(services, hosting, desk));
    adopt(watch.handle());
    run();
  }

  ~fixture() {
    promise.reset();
    end();
  }

  hosting_options hosting{.max_restarts = 1};
  std::optional<response_promise<int>> promise;
  roster watch{bus};
  client_environment env{services, {}, watch.handle()};
};

std::string call(std::string_view name, std::string_view payload = "null",
                 std::string_view ack = "1") {
  return R"({"topic":")" + std::string{name} + R"(","payload":)"
         + std::string{payload} + R"(,"ackId":)" + std::string{ack} + "}";
}

} // namespace

// -- inline strategies --------------------------------------------------------

TEST_CASE("an inline strategy answers before the frame is done with") {
  fixture f;
  testing::fake_client client{f, f.env};
  client.say(call("app::test:norm", R"({"x":3,"y":4})", R"("a1")"));
  CHECK(client.heard()
        == strings{R"({"topic":"app::test:norm","payload":25,"ackId":"a1"})"});
  client.say(call("app::test:nothing", "null", "12345678901234567890123"));
  CHECK(client.heard()
        == strings{R"({"topic":"app::test:nothing","payload":null,)"
                   R"("ackId":12345678901234567890123})"});
}

TEST_CASE("what an inline strategy sends comes before its reply, and whole") {
  fixture f;
  f.strategies.add("app::test:greet", [](context& ctx, const raw_json& in) {
    require_actor<websocket_client>(ctx)->send("hello", in);
    return in;
  });
  testing::fake_client client{f, f.env};
  client.say(call("app::test:greet", R"([1,"a"])"));
  CHECK(client.heard()
        == strings{R"({"topic":"hello","payload":[1,"a"]})",
                   call("app::test:greet", R"([1,"a"])")});
}

TEST_CASE("messages that wait for a strategy's await are bounded") {
  fixture f;
  f.env.options.max_in_flight = 2;
  auto slow = f.system.spawn([](caf::event_based_actor* self) {
    return caf::behavior{[=](int x) {
      self->quit();
      return x;
    }};
  });
  f.strategies.add("app::test:await", [slow](context& ctx) {
    auto answer = ctx.make_promise<int>();
    ctx.self()->request(slow, caf::infinite, 7).await([answer](int x) mutable {
      answer.deliver(x);
    });
    return answer;
  });
  testing::fake_client client{f, f.env};
  client.say(call("app::test:await", "null", "1"));
  client.say(call("app::test:echo", "2", "2"));
  client.say(call("app::test:echo", "3", "3"));
  CHECK(client.heard().empty());
  client.say(call("app::test:echo", "4", "4"));
  auto refused = client.heard();
  REQUIRE(refused.size() == 1);
  CHECK(contains(refused[0], R"("status":429)"));
  CHECK(contains(refused[0], R"("ackId":4)"));
  f.run();
  CHECK(client.heard().size() == 3);
}

TEST_CASE("a request without an ackId gets errors, but no result") {
  fixture f;
  testing::fake_client client{f, f.env};
  client.say(R"({"topic":"app::test:echo","payload":1})");
  CHECK(client.heard().empty());
  client.say(R"({"topic":"app::test:refuse"})");
  CHECK(client.heard()
        == strings{R"({"topic":"error","payload":{"message":"it is taken",)"
                   R"("status":409,"code":"conflict"}})"});
}

TEST_CASE("a payload that does not fit is refused with every field") {
  fixture f;
  testing::fake_client client{f, f.env};
  client.say(call("app::test:norm", R"({"x":"three"})"));
  auto heard = client.heard();
  REQUIRE(heard.size() == 1);
  CHECK(contains(heard[0], R"("code":"invalid_payload")"));
  CHECK(contains(heard[0], R"({"field":"x")"));
  CHECK(contains(heard[0], R"({"field":"y","error":"is required"})"));
}

TEST_CASE("an unknown strategy is a 404") {
  fixture f;
  testing::fake_client client{f, f.env};
  client.say(call("app::test:nope"));
  auto heard = client.heard();
  REQUIRE(heard.size() == 1);
  CHECK(contains(heard[0], R"("status":404,"code":"unknown_strategy")"));
  CHECK(contains(heard[0], R"("ackId":1})"));
}

TEST_CASE("a guard that says no is a 403") {
  fixture f;
  testing::fake_client client{f, f.env};
  client.say(call("app::test:backend_only"));
  auto heard = client.heard();
  REQUIRE(heard.size() == 1);
  CHECK(contains(heard[0], R"("status":403,"code":"forbidden")"));
}

TEST_CASE("a strategy that throws answers 500 and hurts nobody else") {
  fixture f;
  testing::fake_client client{f, f.env};
  client.say(call("app::test:throw"));
  auto heard = client.heard();
  REQUIRE(heard.size() == 1);
  CHECK(contains(heard[0], R"("message":"internal error","status":500)"));
  CHECK_FALSE(contains(heard[0], "broken"));
  client.say(call("app::test:nothing"));
  CHECK(client.heard().size() == 1);
}

TEST_CASE("traces are sent only when the server says so") {
  fixture f;
  f.env.options.expose_traces = true;
  testing::fake_client client{f, f.env};
  client.say(call("app::test:throw"));
  auto heard = client.heard();
  REQUIRE(heard.size() == 1);
  CHECK(contains(heard[0], R"(call strategy(app::test:throw))"));
  CHECK(contains(heard[0], "broken"));
}

// -- malformed messages -------------------------------------------------------

TEST_CASE("five malformed messages in a row close with 3501") {
  fixture f;
  testing::fake_client client{f, f.env};
  for (int i = 0; i < 4; ++i)
    client.say("{");
  client.say(call("app::test:nothing"));
  for (int i = 0; i < 4; ++i)
    client.say("[]");
  CHECK_FALSE(client.closed());
  CHECK(client.heard().size() == 9);
  client.say("x");
  CHECK(client.heard().size() == 1);
  REQUIRE(client.closed());
  CHECK(client.closed()->code == 3501);
  client.say(call("app::test:nothing"));
  CHECK(client.heard().empty());
}

// -- answers that come later --------------------------------------------------

TEST_CASE("a promise answers later, once") {
  fixture f;
  testing::fake_client client{f, f.env};
  client.say(call("app::test:later", "null", "7"));
  f.run();
  CHECK(client.heard().empty());
  f.promise->deliver(42);
  f.promise->deliver(43);
  CHECK_FALSE(f.promise->pending());
  f.run();
  CHECK(client.heard()
        == strings{R"({"topic":"app::test:later","payload":42,"ackId":7})"});
}

TEST_CASE("a promise that is dropped answers 500 at once") {
  fixture f;
  testing::fake_client client{f, f.env};
  client.say(call("app::test:later"));
  f.promise.reset();
  f.run();
  auto heard = client.heard();
  REQUIRE(heard.size() == 1);
  CHECK(contains(heard[0], R"("status":500)"));
}

TEST_CASE("a request that is not answered in time gets 504, and no more") {
  fixture f;
  testing::fake_client client{f, f.env};
  client.say(call("app::test:later"));
  f.advance(9s);
  CHECK(client.heard().empty());
  client.say(call("app::desk:later", "null", "2"));
  f.advance(1s);
  auto heard = client.heard();
  REQUIRE(heard.size() == 1);
  CHECK(contains(heard[0], R"("status":504,"code":"timeout"})"));
  CHECK(contains(heard[0], R"("ackId":1})"));
  f.promise->deliver(1);
  f.advance(8s);
  CHECK(client.heard().empty());
  f.advance(1s);
  heard = client.heard();
  REQUIRE(heard.size() == 1);
  CHECK(contains(heard[0], R"("ackId":2})"));
}

// -- hosted strategies --------------------------------------------------------

TEST_CASE("hosted strategies answer from their domain actor's state") {
  fixture f;
  testing::fake_client client{f, f.env};
  client.say(call("app::desk:count", "null", "1"));
  client.say(call("app::desk:count", "null", "2"));
  CHECK(client.heard().empty());
  f.run();
  CHECK(client.heard()
        == strings{R"({"topic":"app::desk:count","payload":1,"ackId":1})",
                   R"({"topic":"app::desk:count","payload":2,"ackId":2})"});
}

TEST_CASE("a hosted strategy may answer later, while others go on") {
  fixture f;
  testing::fake_client client{f, f.env};
  client.say(call("app::desk:later", "null", "1"));
  client.say(call("app::desk:count", "null", "2"));
  f.run();
  CHECK(client.heard()
        == strings{R"({"topic":"app::desk:count","payload":1,"ackId":2})"});
  client.say(call("app::desk:deliver", R"("done")", "3"));
  f.run();
  CHECK(
    client.heard()
    == strings{R"({"topic":"app::desk:later","payload":"done","ackId":1})",
               R"({"topic":"app::desk:deliver","payload":null,"ackId":3})"});
}

TEST_CASE("a hosted strategy that throws does not end its domain") {
  fixture f;
  testing::fake_client client{f, f.env};
  client.say(call("app::desk:count"));
  client.say(call("app::desk:throw"));
  client.say(call("app::desk:count"));
  f.run();
  auto heard = client.heard();
  REQUIRE(heard.size() == 3);
  CHECK(contains(heard[1], R"("status":500)"));
  CHECK(contains(heard[2], R"("payload":2)"));
}

TEST_CASE("a crashed domain actor is restarted as often as it may be") {
  fixture f;
  testing::fake_client client{f, f.env};
  client.say(call("app::desk:count", "null", "1"));
  client.say(call("app::desk:later", "null", "2"));
  client.say(call("app::desk:quit", "null", "3"));
  client.say(call("app::desk:count", "null", "4"));
  f.run();
  auto heard = client.heard();
  REQUIRE(heard.size() == 4);
  CHECK(contains(heard[0], R"("payload":1,"ackId":1)"));
  std::string all = heard[1] + heard[2] + heard[3];
  // Begun and never finished, finished, and never begun.
  CHECK(contains(all, R"("status":500,"code":"internal"},"ackId":2})"));
  CHECK(contains(all, R"("payload":null,"ackId":3})"));
  CHECK(contains(all, R"("code":"unavailable"},"ackId":4})"));
  client.say(call("app::desk:count"));
  f.run();
  heard = client.heard();
  REQUIRE(heard.size() == 1);
  CHECK(contains(heard[0], R"("payload":1)"));
  client.say(call("app::desk:quit"));
  f.run();
  client.heard();
  client.say(call("app::desk:count"));
  heard = client.heard();
  REQUIRE(heard.size() == 1);
  CHECK(contains(heard[0], R"("status":503,"code":"unavailable")"));
}

TEST_CASE("a domain actor does not begin what nobody waits for any more") {
  fixture f;
  testing::fake_client client{f, f.env};
  client.say(call("app::desk:count", "null", "1"));
  f.scheduler.advance_time(11s);
  f.run();
  CHECK(client.heard().size() == 1);
  client.say(call("app::desk:count", "null", "2"));
  f.run();
  auto heard = client.heard();
  REQUIRE(heard.size() == 1);
  CHECK(contains(heard[0], R"("payload":1,"ackId":2)"));
}

TEST_CASE("a domain actor's queue is bounded") {
  fixture f;
  f.env.options.max_in_flight = 100;
  strategy_registry strategies;
  services what{f.system, strategies, f.bus, f.domains, f.pool};
  f.adopt(host(what, {.max_queued = 2}, desk));
  client_environment env{what, {}, f.watch.handle()};
  testing::fake_client client{f, env};
  for (int i = 0; i < 3; ++i)
    client.say(call("app::desk:count"));
  auto heard = client.heard();
  REQUIRE(heard.size() == 1);
  CHECK(contains(heard[0], R"("code":"unavailable")"));
  f.run();
  CHECK(client.heard().size() == 2);
  client.say(call("app::desk:count"));
  f.run();
  CHECK(client.heard().size() == 1);
}

// -- limits -------------------------------------------------------------------

TEST_CASE("requests in flight are bounded") {
  fixture f;
  testing::fake_client client{f, f.env};
  for (int i = 0; i < 64; ++i)
    client.say(call("app::desk:count"));
  CHECK(client.heard().empty());
  client.say(call("app::desk:count", "null", "65"));
  auto heard = client.heard();
  REQUIRE(heard.size() == 1);
  CHECK(contains(heard[0], R"("status":429,"code":"too_many_requests")"));
  CHECK(contains(heard[0], R"("ackId":65})"));
  f.run();
  CHECK(client.heard().size() == 64);
  client.say(call("app::desk:count"));
  f.run();
  CHECK(client.heard().size() == 1);
  CHECK_FALSE(client.closed());
}

TEST_CASE("a client that goes on in spite of 429 is closed with 3013") {
  fixture f;
  f.env.options.max_in_flight = 1;
  f.env.options.max_refused = 10;
  testing::fake_client client{f, f.env};
  for (int i = 0; i < 10; ++i)
    client.say(call("app::desk:count"));
  CHECK_FALSE(client.closed());
  client.say(call("app::desk:count"));
  REQUIRE(client.closed());
  CHECK(client.closed()->code == 3013);
}

// -- the end of a connection --------------------------------------------------

TEST_CASE("an actor lets go of its socket when that has ended") {
  struct deaf : transport {
    void send(std::string_view) override {
    }

    void close(const close_reason&) override {
    }
  };
  fixture f;
  auto out = std::make_shared<deaf>();
  client_feed feed{f.env, &f.unit, out, std::make_shared<claims>()};
  CHECK(out.use_count() == 2);
  feed.closed({1001, "page closed"});
  CHECK(out.use_count() == 1);
}

TEST_CASE("an answer that comes late is waited for, and nothing else") {
  struct line : transport {
    void send(std::string_view text) override {
      log += text.find("ackId") != std::string_view::npos ? 'a' : 'e';
    }

    void hurry() override {
      log += '!';
    }

    void close(const close_reason&) override {
    }

    std::string log;
  };
  fixture f;
  auto out = std::make_shared<line>();
  client_feed feed{f.env, &f.unit, out, std::make_shared<claims>()};
  f.run();
  auto say = [&](const std::string& text) {
    feed.message(text);
    f.run();
    return std::exchange(out->log, {});
  };
  CHECK(say(call("app::test:echo")) == "a");
  CHECK(say(call("app::desk:count")) == "a!");
  CHECK(say(call("app::desk:throw")) == "a!");
  CHECK(say(call("app::test:later")).empty());
  f.promise->deliver(1);
  f.run();
  CHECK(std::exchange(out->log, {}) == "a!");
  feed.closed({1001, "page closed"});
  f.run();
}

TEST_CASE("a client that is gone leaves nothing behind") {
  fixture f;
  caf::actor_addr addr;
  {
    testing::fake_client client{f, f.env};
    addr = client.handle().address();
    client.say(call("app::desk:later", "null", "1"));
    client.say(call("app::desk:count", "null", "2"));
    client.say(call("app::test:later", "null", "3"));
    f.run();
    CHECK(f.watch.open() == 1);
    client.heard();
    client.disconnect({1001, "page closed"});
    CHECK(client.heard().empty());
    CHECK_FALSE(client.closed());
  }
  CHECK(f.watch.open() == 0);
  f.promise->deliver(1);
  f.promise.reset();
  {
    testing::fake_client other{f, f.env};
    other.say(call("app::desk:deliver", R"("too late")"));
    f.run();
    CHECK(other.heard().size() == 1);
  }
  f.advance(20s);
  CHECK(caf::actor_cast<caf::actor>(addr) == nullptr);
}

TEST_CASE("other actors talk to the client through its actor") {
  fixture f;
  testing::fake_client client{f, f.env};
  auto actor = client.handle();
  caf::anon_send(actor, client_message{"chat:message", {R"({"n":1})"}});
  // The client would take it to be ours.
  caf::anon_send(actor, client_message{"error", {"1"}});
  f.run();
  CHECK(client.heard()
        == strings{R"({"topic":"chat:message","payload":{"n":1}})"});
  caf::scoped_actor self{f.system};
  auto request = self->request(actor, caf::infinite, claims_atom_v);
  f.run();
  request.receive(
    [](const claims_ptr& who) { CHECK(who->connection_id == "c1"); },
    [](const caf::error&) { FAIL("the actor has to answer"); });
  caf::anon_send(actor, close_reason{4001, "bye"});
  caf::anon_send(actor, client_message{"chat:message", {"2"}});
  f.run();
  REQUIRE(client.closed());
  CHECK(client.closed()->code == 4001);
  CHECK(client.heard().empty());
}

TEST_CASE("an actor that is ended closes its socket first") {
  fixture f;
  testing::fake_client client{f, f.env};
  client.say(call("app::test:nothing"));
  f.run();
  auto actor = client.handle();
  caf::anon_send(actor,
                 caf::exit_msg{actor.address(),
                               to_exit_reason({close_code::kicked, "bye"})});
  f.run();
  REQUIRE(client.closed());
  CHECK(client.closed()->code == 3503);
  CHECK(f.watch.open() == 0);
}

TEST_CASE("draining answers what is in flight, refuses the rest, closes") {
  fixture f;
  testing::fake_client client{f, f.env};
  client.say(call("app::test:later", "null", "1"));
  caf::anon_send(client.handle(), drain_atom_v);
  f.run();
  CHECK_FALSE(client.closed());
  client.say(call("app::test:nothing", "null", "2"));
  auto heard = client.heard();
  REQUIRE(heard.size() == 1);
  CHECK(contains(heard[0], R"("status":503,"code":"unavailable")"));
  f.promise->deliver(5);
  f.run();
  CHECK(client.heard().size() == 1);
  REQUIRE(client.closed());
  CHECK(client.closed()->code == 3001);
}

TEST_CASE("draining closes an idle connection at once") {
  fixture f;
  testing::fake_client client{f, f.env};
  caf::anon_send(client.handle(), drain_atom_v);
  f.run();
  REQUIRE(client.closed());
  CHECK(client.closed()->code == 3001);
}
