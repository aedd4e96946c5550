// However a connection's actor ends, and whatever it waits for: at once, told
// of exactly once, and without a word of what is inside.

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/client/client.hpp"
#include "flamigo/client/client_atoms.hpp"
#include "flamigo/client/client_feed.hpp"
#include "flamigo/client/transport.hpp"
#include "flamigo/client/websocket_client.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/roster/client_events.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/testing/fake_client.hpp"
#include "support/events.hpp"
#include "support/log_capture.hpp"
#include "support/virtual_thread.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::call;
using test::contains;
using test::posted;
using test::replied;
using test::strings;

namespace {

struct fixture : testing::actor_fixture {
  fixture() {
    adopt(watch.handle());
    adopt(system.spawn([this](caf::event_based_actor* self) {
      self->join(bus.group(client_disconnected::all));
      return caf::behavior{[this](const event_ptr& what) {
        auto& x = *what->get_if<client_disconnected>();
        ended.push_back(std::to_string(x.code) + " " + x.reason);
      }};
    }));
    // Never answers, until it is told to.
    silent = system.spawn([this](caf::event_based_actor* self) {
      return caf::behavior{[this, self](int) -> caf::result<int> {
        asked = self->make_response_promise();
        return *asked;
      }};
    });
    adopt(silent);
    strategies.add("app::test:await", [this](context& ctx) {
      auto answer = ctx.make_promise<int>();
      ctx.self()
        ->request(silent, caf::infinite, 1)
        .await([answer](int x) mutable { answer.deliver(x); });
      return answer;
    });
    strategies.add("app::test:echo", [](const raw_json& in) { return in; });
    run();
  }

  ~fixture() {
    asked.reset();
    silent = nullptr;
    end();
  }

  caf::actor silent;
  std::optional<caf::response_promise> asked;
  strings ended;
  roster watch{bus};
  client_environment env{services, {}, watch.handle()};
};

} // namespace

TEST_CASE("a strategy may end its connection's actor") {
  fixture f;
  f.strategies.add("app::test:quit", [](context& ctx) { ctx.self()->quit(); });
  testing::fake_client client{f, f.env};
  client.say(call("app::test:quit"));
  CHECK(client.heard() == strings{replied("app::test:quit", "null")});
  f.run();
  REQUIRE(client.closed());
  CHECK(client.closed()->code == 1000);
  CHECK(f.ended == strings{"1000 "});
}

TEST_CASE("what a connection's actor fails by is not for its client") {
  fixture f;
  f.strategies.add("app::test:fail", [](context& ctx) {
    ctx.self()->quit(internal_error("db: MARKER"));
  });
  f.strategies.add("app::test:link", [&f](context& ctx) {
    auto other = f.system.spawn([](caf::event_based_actor* self) {
      return caf::behavior{[self](int) {
        self->quit(make_error(caf::sec::runtime_error, "MARKER"));
      }};
    });
    ctx.self()->link_to(other);
    ctx.self()->send(other, 1);
  });
  // Not the answer to a request: that would not end it.
  auto mourn = [](context& ctx, auto raise) {
    auto* self = ctx.self();
    self->set_down_handler([raise](caf::down_msg&) { raise(); });
    self->monitor(self->spawn([] {}));
  };
  f.strategies.add("app::test:boom", [mourn](context& ctx) {
    mourn(ctx, [] { throw std::runtime_error{"MARKER"}; });
  });
  f.strategies.add("app::test:foreign", [mourn](context& ctx) {
    mourn(ctx, [] { throw "MARKER"; });
  });
  for (auto* name : {"app::test:fail", "app::test:link", "app::test:boom",
                     "app::test:foreign"}) {
    INFO(name);
    f.ended.clear();
    testing::fake_client client{f, f.env};
    client.say(call(name));
    f.run();
    REQUIRE(client.closed());
    CHECK(client.closed()->code == 1011);
    CHECK(client.closed()->reason == "internal error");
    CHECK(f.ended == strings{"1011 internal error"});
  }
}

TEST_CASE("the end of a socket does not wait for an await") {
  fixture f;
  caf::actor_addr addr;
  {
    testing::fake_client client{f, f.env};
    addr = client.handle().address();
    client.say(call("app::test:await"));
    f.run();
    REQUIRE(f.asked);
    client.disconnect({1001, "page closed"});
  }
  // The answer has not come.
  CHECK(f.ended == strings{"1001 page closed"});
  CHECK(f.watch.open() == 0);
  f.asked->deliver(1);
  f.run();
  CHECK(f.ended.size() == 1);
  CHECK(caf::actor_cast<caf::actor>(addr) == nullptr);
}

TEST_CASE("an answer that never comes leaves nothing of a client that left") {
  fixture f;
  {
    testing::fake_client client{f, f.env};
    client.say(call("app::test:await"));
    f.run();
  }
  // Whoever should answer forgets it.
  f.asked.reset();
  f.run();
  CHECK(f.ended.size() == 1);
  CHECK(f.watch.open() == 0);
}

TEST_CASE("who is kicked is closed, whatever a strategy of his awaits") {
  fixture f;
  testing::fake_client client{f, f.env};
  client.say(call("app::test:await"));
  f.run();
  f.watch.kick_connection("c1");
  f.run();
  REQUIRE(client.closed());
  CHECK(client.closed()->code == 3503);
  CHECK(f.ended == strings{"3503 disconnected by the server"});
}

TEST_CASE("an order to close is seen also when the actor was awake") {
  fixture f;
  f.strategies.add("app::test:kicked", [&f](context& ctx) {
    // As if another thread did it just now.
    caf::anon_send(caf::actor_cast<caf::actor>(ctx.self()),
                   close_reason{close_code::kicked, "away"});
    auto answer = ctx.make_promise<int>();
    ctx.self()->request(f.silent, caf::infinite, 1).await([](int) {});
    return answer;
  });
  testing::fake_client client{f, f.env};
  client.say(call("app::test:await", "null", 1));
  f.run();
  // It waits in the mailbox, so it runs when the actor is resumed.
  client.say(call("app::test:kicked", "null", 2));
  f.asked->deliver(1);
  f.run();
  REQUIRE(client.closed());
  CHECK(client.closed()->code == 3503);
}

TEST_CASE("an order to close is let in whatever waits") {
  fixture f;
  f.env.options.max_queued = 10;
  testing::fake_client client{f, f.env};
  f.run();
  flamigo::client handle{client.handle()};
  for (int i = 0; i < 10; ++i)
    handle.send("x", i);
  handle.close({4000, "bye"});
  f.run();
  CHECK(client.heard().size() == 10);
  REQUIRE(client.closed());
  CHECK(client.closed()->code == 4000);
}

TEST_CASE("no code is sent that no close frame may have") {
  for (auto code : {0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65'535}) {
    auto number = static_cast<std::uint16_t>(code);
    fixture f;
    testing::fake_client one{f, f.env};
    testing::fake_client other{f, f.env};
    f.run();
    flamigo::client{one.handle()}.close({number, "bye"});
    caf::anon_send(other.handle(),
                   caf::exit_msg{{}, to_exit_reason({number, "bye"})});
    f.run();
    for (auto* client : {&one, &other}) {
      REQUIRE(client->closed());
      CHECK(client->closed()->code == 1011);
      CHECK(client->closed()->reason == "bye");
    }
  }
}

TEST_CASE("closing waits for its turn where nothing is awaited") {
  fixture f;
  testing::fake_client client{f, f.env};
  flamigo::client handle{client.handle()};
  handle.send("last", 1);
  handle.close({4000, "bye"});
  handle.send("too late", 2);
  f.run();
  CHECK(client.heard() == strings{test::pushed("last", "1")});
  CHECK(client.closed()->code == 4000);
}

TEST_CASE("an actor that joined a group leaves it when it ends") {
  fixture f;
  auto before = f.bus.size();
  auto group = f.bus.group("rooms/a");
  f.strategies.add("app::test:join",
                   [&](context& ctx) { ctx.self()->join(group); });
  {
    testing::fake_client client{f, f.env};
    client.say(call("app::test:join"));
    f.run();
    CHECK(f.bus.size() > before);
    CHECK(f.bus.subscriptions(
            caf::actor_cast<caf::strong_actor_ptr>(client.handle()).get())
          == 1);
  }
  f.run();
  // CAF's own groups are told, too, not only the bus.
  auto local = f.system.groups().get_local("corridor");
  f.strategies.add("app::test:local",
                   [&](context& ctx) { ctx.self()->join(local); });
  caf::actor_addr addr;
  {
    testing::fake_client client{f, f.env};
    addr = client.handle().address();
    client.say(call("app::test:local"));
    f.run();
  }
  f.run();
  CHECK(caf::actor_cast<caf::actor>(addr) == nullptr);
}

// -- what waits ---------------------------------------------------------------

namespace {

struct counting_line : transport {
  void send(std::string_view) override {
    ++sent;
  }

  void close(const close_reason& why) override {
    closed = why;
  }

  int sent = 0;
  std::optional<close_reason> closed;
};

} // namespace

TEST_CASE("what waits for a connection's actor is bounded") {
  fixture f;
  f.env.options.max_queued = 100;
  testing::fake_client client{f, f.env};
  f.run();
  auto send = [&](int count) {
    for (int i = 0; i < count; ++i)
      caf::anon_send(client.handle(), make_client_message("x", i));
  };
  send(100);
  f.run();
  // As many as may wait, again and again.
  CHECK(client.heard().size() == 100);
  send(100);
  CHECK_FALSE(client.closed());
  f.run();
  CHECK(client.heard().size() == 100);
  send(1000);
  // Refused at once, and whoever waits for an answer is told.
  caf::scoped_actor self{f.system};
  auto request = self->request(client.handle(), caf::infinite, claims_atom_v);
  auto refused = false;
  request.receive([](const claims_ptr&) {},
                  [&](const caf::error&) { refused = true; });
  CHECK(refused);
  f.run();
  REQUIRE(client.closed());
  CHECK(client.closed()->code == 3008);
  CHECK(client.closed()->reason == "too many messages wait for this client");
  CHECK(f.ended.size() == 1);
}

TEST_CASE("what waits for the thread of a connection is bounded") {
  fixture f;
  f.env.options.max_queued = 100;
  test::virtual_thread thread{f.system};
  auto claim = std::make_shared<claims>();
  claim->connection_id = "c1";
  auto line = std::make_shared<counting_line>();
  client_feed feed;
  thread.turn([&] { feed = client_feed{f.env, &thread, line, claim}; }, 10, 10);
  flamigo::client handle{feed.client()};
  auto send = [&](int count) {
    for (int i = 0; i < count; ++i)
      handle.send("x", i);
  };
  // More comes than the thread hands on, which is handled at once.
  send(60);
  thread.turn([] {}, 20, 100);
  CHECK(line->sent == 40);
  send(60);
  thread.turn([] {}, 20, 100);
  CHECK_FALSE(line->closed);
  CHECK(line->sent == 80);
  send(61);
  thread.turn([] {}, 1, 100);
  REQUIRE(line->closed);
  CHECK(line->closed->code == 3008);
  thread.turn([&] { feed.closed({close_code::going_away, ""}); }, 1'000, 100);
  handle = flamigo::client{caf::actor{}};
  f.run();
  thread.retire();
}

TEST_CASE("who is told that too many events wait says no more of it") {
  fixture f;
  test::virtual_thread thread{f.system};
  auto claim = std::make_shared<claims>();
  claim->connection_id = "c1";
  auto line = std::make_shared<counting_line>();
  client_feed feed;
  thread.turn([&] { feed = client_feed{f.env, &thread, line, claim}; }, 10, 10);
  (void) flamigo::client{feed.client()}.subscribe("rooms/a");
  test::log_capture log;
  for (std::size_t i = 0; i <= flamigo::detail::home_unit::max_events; ++i)
    (void) f.bus.publish(posted{"a", ""});
  thread.turn([] {}, 100'000, 100);
  thread.turn([] {}, 100'000, 100);
  REQUIRE(line->closed);
  CHECK(line->closed->code == 3008);
  thread.turn([&] { feed.closed({close_code::going_away, ""}); }, 1'000, 100);
  CHECK(log.lines() == strings{});
  f.run();
  thread.retire();
}

TEST_CASE("what waits for an await is bounded as well") {
  fixture f;
  f.env.options.max_queued = 100;
  testing::fake_client client{f, f.env};
  client.say(call("app::test:await"));
  f.run();
  flamigo::client handle{client.handle()};
  for (int i = 0; i < 50; ++i) {
    handle.send("x", i);
    f.run();
  }
  CHECK_FALSE(client.closed());
  for (int i = 0; i < 50; ++i) {
    handle.send("x", i);
    f.run();
  }
  CHECK_FALSE(client.closed());
  handle.send("x", 101);
  f.run();
  REQUIRE(client.closed());
  CHECK(client.closed()->code == 3008);
}

TEST_CASE("an answer is let in, however much waits") {
  fixture f;
  f.env.options.max_queued = 10;
  testing::fake_client client{f, f.env};
  client.say(call("app::test:await"));
  f.run();
  flamigo::client handle{client.handle()};
  for (int i = 0; i < 10; ++i)
    handle.send("x", i);
  f.asked->deliver(7);
  f.run();
  auto heard = client.heard();
  CHECK(heard.size() == 11);
  CHECK(std::count(heard.begin(), heard.end(), replied("app::test:await", "7"))
        == 1);
  CHECK_FALSE(client.closed());
}
