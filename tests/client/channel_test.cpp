#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "flamigo/history/memory_history.hpp"
#include "flamigo/task/callback.hpp"
#include "flamigo/testing.hpp"
#include "history/slow_history.hpp"
#include "support/events.hpp"
#include "support/log_capture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::posted;
using test::strings;

namespace {

constexpr auto subscribe = "app::websocket:subscribe";
constexpr auto unsubscribe = "app::websocket:unsubscribe";

// -- what the wire says -------------------------------------------------------

struct since_in {
  std::string epoch;
  std::uint64_t offset;
};

BOOST_DESCRIBE_STRUCT(since_in, (), (epoch, offset))

struct wish {
  std::string topic;
  std::optional<since_in> since = {};
  std::optional<raw_json> input = {};
};

BOOST_DESCRIBE_STRUCT(wish, (), (topic, since, input))

struct place {
  std::string topic;
  std::optional<std::string> epoch;
  std::optional<std::uint64_t> offset;
  std::optional<bool> recovered;
  std::optional<raw_json> result;
};

BOOST_DESCRIBE_STRUCT(place, (), (topic, epoch, offset, recovered, result))

struct lost {
  std::string topic;
  std::string code;
};

BOOST_DESCRIBE_STRUCT(lost, (), (topic, code))

/// An event of several topics.
struct shouted {
  std::vector<std::string> rooms;
  std::string text;

  std::vector<topic> topics() const {
    std::vector<topic> result;
    for (auto& x : rooms)
      result.emplace_back(x);
    return result;
  }

  client_message to_client() const {
    return make_client_message("shout", text);
  }
};

BOOST_DESCRIBE_STRUCT(shouted, (), (rooms, text))

/// The frame of what was posted in room a.
std::string frame_of(const std::string& text, std::uint64_t offset = 0) {
  std::string result
    = R"({"topic":"chat:message","payload":{"room":"a","text":")" + text
      + R"("})";
  if (offset > 0)
    result += R"(,"offsets":{"rooms/a":)" + std::to_string(offset) + "}";
  return result + "}";
}

std::string shout_of(const std::string& text, const std::string& offsets) {
  return R"({"topic":"shout","payload":")" + text + R"(","offsets":{)" + offsets
         + "}}";
}

struct fixture {
  fixture() {
    app.channel("rooms/*", {}, {.history = limits});
    app.channel("walls/*", {}, {.history = limits});
    app.channel("news");
  }

  void publish(std::string text, std::string room = "a") {
    CHECK_FALSE(app.bus().publish(posted{std::move(room), std::move(text)}));
  }

  void publish_many(int from, int to) {
    for (; from <= to; ++from)
      publish(std::to_string(from));
  }

  void shout(std::vector<std::string> rooms, std::string text = "hi") {
    CHECK_FALSE(app.bus().publish(shouted{std::move(rooms), std::move(text)}));
  }

  history_limits limits{.max_events = 10};
  testing::app app;
};

strings frames_of(int from, int to) {
  strings result;
  for (; from <= to; ++from)
    result.push_back(
      frame_of(std::to_string(from), static_cast<std::uint64_t>(from)));
  return result;
}

} // namespace

// -- subscribing --------------------------------------------------------------

TEST_CASE_METHOD(fixture, "a client subscribes and gets what comes next") {
  publish_many(1, 2);
  auto ada = app.connect();
  auto at = ada.call<place>(subscribe, wish{"rooms/a"});
  CHECK(at.topic == "rooms/a");
  CHECK(at.epoch);
  CHECK(at.offset == 2);
  CHECK_FALSE(at.recovered);
  CHECK_FALSE(at.result);
  ada.expect_nothing();
  publish_many(3, 4);
  publish("else", "b");
  CHECK_FALSE(app.bus().publish(posted{"a/typing", "below"}));
  app.run();
  CHECK(ada.heard() == frames_of(3, 4));
  ada.call<void>(unsubscribe, wish{"rooms/a"});
  publish_many(5, 5);
  app.run();
  ada.expect_nothing();
  // Nor is it an error when there is none.
  ada.call<void>(unsubscribe, wish{"rooms/a"});
  ada.call<void>(unsubscribe, wish{"nothing"});
}

TEST_CASE_METHOD(fixture, "a channel without a history has no offsets") {
  auto ada = app.connect();
  auto at = ada.call<place>(subscribe, wish{"news"});
  CHECK_FALSE(at.epoch);
  CHECK_FALSE(at.offset);
  CHECK_FALSE(at.recovered);
  CHECK_FALSE(app.bus().publish(shouted{{"news"}, "hi"}));
  app.run();
  CHECK(ada.heard() == strings{R"({"topic":"shout","payload":"hi"})"});
  CHECK(ada.call<place>(subscribe, wish{"news", since_in{"1", 1}}).recovered
        == false);
  CHECK(ada.call<place>(subscribe, wish{"news"}).recovered == std::nullopt);
  auto bob = app.connect();
  CHECK(bob.call<place>(subscribe, wish{"news", since_in{"1", 1}}).recovered
        == false);
}

TEST_CASE_METHOD(fixture,
                 "who comes back gets what was missed, then the rest") {
  auto ada = app.connect();
  auto at = ada.call<place>(subscribe, wish{"rooms/a"});
  publish_many(1, 3);
  app.run();
  CHECK(ada.heard() == frames_of(1, 3));
  ada.disconnect();
  publish_many(4, 9);
  auto again = app.connect();
  auto ref = again.send(subscribe, wish{"rooms/a", since_in{*at.epoch, 3}});
  publish_many(10, 11);
  app.run();
  auto frames = again.heard();
  REQUIRE(frames.size() == 9);
  // The reply comes first.
  CHECK(frames[0].find("\"ackId\":" + std::to_string(ref))
        != std::string::npos);
  CHECK(frames[0].find(R"("recovered":true)") != std::string::npos);
  CHECK(frames[0].find(R"("offset":9)") != std::string::npos);
  frames.erase(frames.begin());
  CHECK(frames == frames_of(4, 11));
}

TEST_CASE_METHOD(fixture, "what history has no longer is not recovered") {
  auto ada = app.connect();
  auto epoch = *ada.call<place>(subscribe, wish{"rooms/a"}).epoch;
  ada.disconnect();
  publish_many(1, 20);
  auto ask = [&](std::string which, std::uint64_t offset) {
    auto who = app.connect();
    auto at = who.call<place>(subscribe,
                              wish{"rooms/a", since_in{which, offset}});
    CHECK(at.offset == 20);
    CHECK(at.epoch == epoch);
    auto frames = who.heard();
    CHECK((at.recovered == true || frames.empty()));
    return std::pair{at.recovered, frames.size()};
  };
  using answer = std::pair<std::optional<bool>, std::size_t>;
  CHECK(ask(epoch, 10) == answer{true, 10});
  CHECK(ask(epoch, 20) == answer{true, 0});
  // Too old, of another epoch, of none.
  CHECK(ask(epoch, 9) == answer{false, 0});
  CHECK(ask("1", 15) == answer{false, 0});
  CHECK(ask("what?", 15) == answer{false, 0});
  CHECK(ask("", 0) == answer{false, 0});
}

// Of several nodes one may have read less than the one where the client was.
TEST_CASE_METHOD(fixture, "what is not there yet is waited for") {
  auto ada = app.connect();
  auto epoch = *ada.call<place>(subscribe, wish{"rooms/a"}).epoch;
  publish_many(1, 3);
  auto bob = app.connect();
  auto ref = bob.send(subscribe, wish{"rooms/a", since_in{epoch, 5}});
  app.advance(1s);
  bob.expect_nothing();
  SECTION("until it comes") {
    publish_many(4, 6);
    app.advance(50ms);
    auto at = bob.expect_reply<place>(ref);
    CHECK(at.recovered == true);
    CHECK(at.offset == 6);
    CHECK(bob.heard() == frames_of(6, 6));
  }
  SECTION("but not for long") {
    publish_many(4, 4);
    app.advance(1'100ms);
    auto at = bob.expect_reply<place>(ref);
    CHECK(at.recovered == false);
    CHECK(at.offset == 4);
    publish_many(5, 5);
    app.run();
    CHECK(bob.heard() == frames_of(5, 5));
  }
  SECTION("nor for a client that is gone") {
    bob.disconnect();
    app.advance(2s);
    CHECK(ada.heard() == frames_of(1, 3));
  }
  SECTION("nor for one that wants something else by now") {
    bob.send(unsubscribe, wish{"rooms/a"});
    auto anew = bob.send(subscribe, wish{"rooms/a"});
    app.advance(50ms);
    CHECK_THROWS(bob.expect_reply<place>(ref));
    CHECK(bob.expect_reply<place>(anew).offset == 3);
    // That of the other one.
    CHECK(bob.heard().size() == 1);
    publish_many(4, 4);
    app.run();
    CHECK(bob.heard() == frames_of(4, 4));
  }
}

TEST_CASE("what is not there yet is waited for in time for an answer") {
  testing::app_options options;
  options.client.request_timeout = 1s;
  testing::app app{options};
  app.channel("rooms/*", {}, {.history = history_limits{.max_events = 10}});
  auto ada = app.connect();
  auto epoch = *ada.call<place>(subscribe, wish{"rooms/a"}).epoch;
  auto bob = app.connect();
  auto ref = bob.send(subscribe, wish{"rooms/a", since_in{epoch, 5}});
  app.advance(999ms);
  CHECK(bob.expect_reply<place>(ref).recovered == false);
}

TEST_CASE_METHOD(fixture, "to subscribe again only recovers") {
  auto ada = app.connect();
  auto epoch = *ada.call<place>(subscribe, wish{"rooms/a"}).epoch;
  publish_many(1, 3);
  app.run();
  CHECK(ada.heard() == frames_of(1, 3));
  SECTION("without a position") {
    auto at = ada.call<place>(subscribe, wish{"rooms/a"});
    CHECK(at.offset == 3);
    CHECK_FALSE(at.recovered);
  }
  SECTION("with one that this connection has passed") {
    auto at = ada.call<place>(subscribe, wish{"rooms/a", since_in{epoch, 1}});
    CHECK(at.recovered == true);
    CHECK(at.offset == 3);
  }
  SECTION("with one of another epoch") {
    auto at = ada.call<place>(subscribe, wish{"rooms/a", since_in{"9", 1}});
    CHECK(at.recovered == false);
    CHECK(at.offset == 3);
  }
  ada.expect_nothing();
  publish_many(4, 4);
  app.run();
  CHECK(ada.heard() == frames_of(4, 4));
}

TEST_CASE_METHOD(fixture, "one may want what came before one began") {
  publish_many(1, 3);
  auto ada = app.connect();
  auto epoch = *ada.call<place>(subscribe, wish{"rooms/a"}).epoch;
  publish_many(4, 5);
  app.run();
  CHECK(ada.heard() == frames_of(4, 5));
  auto ref = ada.send(subscribe, wish{"rooms/a", since_in{epoch, 1}});
  publish_many(6, 6);
  app.run();
  CHECK(ada.expect_reply<place>(ref).recovered == true);
  auto frames = frames_of(2, 3);
  frames.push_back(frame_of("6", 6));
  CHECK(ada.heard() == frames);
}

// -- what cannot be -----------------------------------------------------------

TEST_CASE_METHOD(fixture, "what is no channel is refused") {
  auto ada = app.connect();
  auto code = [&](std::string topic, int status) {
    return ada.expect_error(ada.send(subscribe, wish{std::move(topic)}), status)
      .code;
  };
  CHECK(code("users/42", 404) == "unknown_channel");
  CHECK(code("rooms", 404) == "unknown_channel");
  CHECK(code("rooms/a/typing", 404) == "unknown_channel");
  CHECK(code("rooms/*", 400) == "invalid_payload");
  CHECK(code("", 400) == "invalid_payload");
  CHECK(code("rooms//a", 400) == "invalid_payload");
  CHECK(code("rooms/" + std::string(2'000, 'x'), 400) == "invalid_payload");
  auto why = ada.expect_error(ada.send(subscribe, wish{""}), 400);
  REQUIRE(why.fieldErrors);
  CHECK(why.fieldErrors->at(0).field == "topic");
  CHECK(ada.expect_error(ada.send(unsubscribe, wish{"rooms/*"}), 400).code
        == "invalid_payload");
}

TEST_CASE("a client has so many subscriptions and not more") {
  testing::app app{{.client = {.max_subscriptions = 2}}};
  app.channel("rooms/*");
  auto ada = app.connect();
  ada.call(subscribe, wish{"rooms/1"});
  ada.call(subscribe, wish{"rooms/2"});
  CHECK(ada.expect_error(ada.send(subscribe, wish{"rooms/3"}), 429).code
        == "too_many_requests");
  // It is none more.
  ada.call(subscribe, wish{"rooms/2"});
  ada.call<void>(unsubscribe, wish{"rooms/1"});
  ada.call(subscribe, wish{"rooms/3"});
}

// -- rights -------------------------------------------------------------------

TEST_CASE("a channel's guard decides, and again when claims change") {
  testing::app app;
  app.authenticate();
  app.channel("open", open_to_guests(), {.history = history_limits{}});
  app.channel("closed");
  app.channel("rooms/*", is_authenticated(),
              {.check = [](const claims& who, const topic& what) -> caf::error {
                if (!has_permission(what.text())(who))
                  return {};
                return make_error(errc::forbidden, "you are not in there");
              }});
  app.strategies().add("app::test:become", [](client& who, const strings& may) {
    user me{.id = "7"};
    me.permissions = {may.begin(), may.end()};
    return who.set_user(me);
  });
  app.strategies().add("app::test:leave",
                       [](client& who) { return who.set_user({}); });
  auto guest = app.connect();
  guest.call(subscribe, wish{"open"});
  CHECK(guest.expect_error(guest.send(subscribe, wish{"closed"}), 401).code
        == "unauthorized");
  CHECK(guest.expect_error(guest.send(subscribe, wish{"rooms/a"}), 401).code
        == "unauthorized");
  CHECK_FALSE(app.bus().publish(shouted{{"open"}, "hi"}));
  app.run();
  CHECK(guest.heard() == strings{shout_of("hi", R"("open":1)")});

  user ada{.id = "7"};
  ada.permissions = {"rooms/a"};
  auto member = app.connect(ada);
  member.heard();
  member.call(subscribe, wish{"closed"});
  member.call(subscribe, wish{"rooms/a"});
  auto why = member.expect_error(member.send(subscribe, wish{"rooms/b"}), 403);
  CHECK(why.code == "forbidden");
  CHECK(why.message == "you are not in there");
  member.call("app::test:become", strings{"rooms/b"});
  auto what = member.expect_push<lost>("unsubscribed");
  CHECK(what.topic == "rooms/a");
  CHECK(what.code == "forbidden");
  member.expect_nothing();
  CHECK_FALSE(app.bus().publish(posted{"a", "secret"}));
  app.run();
  member.expect_nothing();
  member.call(subscribe, wish{"rooms/b"});
  member.call(subscribe, wish{"open"});
  member.call("app::test:leave");
  auto gone = strings{member.expect_push<lost>("unsubscribed").topic,
                      member.expect_push<lost>("unsubscribed").topic};
  CHECK(gone == strings{"closed", "rooms/b"});
  CHECK_FALSE(app.bus().publish(shouted{{"open", "closed"}, "bye"}));
  app.run();
  CHECK(member.heard() == strings{shout_of("bye", R"("open":2)")});
}

TEST_CASE("what the program has subscribed goes on when one signs in") {
  testing::app app;
  app.authenticate();
  app.channel("rooms/*", {}, {.history = history_limits{}});
  app.strategies().add("app::test:become", open_to_guests(), [](client& who) {
    return who.set_user(user{.id = "7"});
  });
  app.on_open([](client& who) { (void) who.subscribe("rooms/a"); });
  auto missed = [&](int count) {
    auto ada = app.connect();
    auto at = *ada.expect_push<place>("subscribed").offset;
    strings frames;
    for (int i = 0; i < count; ++i) {
      CHECK_FALSE(app.bus().publish(posted{"a", "x"}));
      frames.push_back(frame_of("x", ++at));
    }
    app.run();
    ada.expect_nothing();
    ada.call("app::test:become");
    CHECK(ada.heard() == frames);
    CHECK_FALSE(app.bus().publish(posted{"a", "y"}));
    app.run();
    CHECK(ada.heard() == strings{frame_of("y", at + 1)});
  };
  missed(0);
  missed(2);
}

// -- room ---------------------------------------------------------------------

TEST_CASE("a long replay goes at the pace of who reads") {
  constexpr std::size_t most = 1'048'576 / 4;
  testing::app app;
  app.channel(
    "rooms/*", {},
    {.history = history_limits{.max_events = 2'000, .max_bytes = 16'777'216}});
  auto publish = [&](int count) {
    for (; count > 0; --count)
      CHECK_FALSE(app.bus().publish(posted{"a", std::string(10'000, 'x')}));
  };
  auto ada = app.connect();
  auto epoch = *ada.call<place>(subscribe, wish{"rooms/a"}).epoch;
  ada.disconnect();
  publish(1'000);
  auto bob = app.connect();
  bob.stop_reading();
  auto ref = bob.send(subscribe, wish{"rooms/a", since_in{epoch, 0}});
  std::uint64_t next = 1;
  std::size_t rounds = 0;
  for (; next <= 1'100; ++rounds) {
    REQUIRE(rounds < 200);
    bob.read_waiting();
    auto frames = bob.heard();
    std::size_t bytes = 0;
    for (auto& x : frames) {
      bytes += x.size();
      if (x.find("\"ackId\":" + std::to_string(ref)) != std::string::npos) {
        CHECK(x.find(R"("recovered":true)") != std::string::npos);
        continue;
      }
      REQUIRE(x.ends_with(R"("rooms/a":)" + std::to_string(next) + "}}"));
      ++next;
    }
    // A quarter of what may wait, and one that was begun below it.
    CHECK(bytes < most + 11'000);
    // What is published meanwhile waits in the history.
    if (rounds % 2 == 0 && rounds < 20)
      publish(10);
  }
  CHECK(rounds > 30);
  bob.read_on();
  bob.expect_nothing();
  CHECK_FALSE(bob.closed());
  publish(1);
  app.run();
  CHECK(bob.heard().size() == 1);
}

TEST_CASE("who is slower than the history forgets is told") {
  testing::app app;
  app.channel("rooms/*", {}, {.history = history_limits{.max_events = 60}});
  auto publish = [&](int count) {
    for (; count > 0; --count)
      CHECK_FALSE(app.bus().publish(posted{"a", std::string(10'000, 'x')}));
  };
  auto ada = app.connect();
  auto epoch = *ada.call<place>(subscribe, wish{"rooms/a"}).epoch;
  publish(60);
  auto bob = app.connect();
  bob.stop_reading();
  auto ref = bob.send(subscribe, wish{"rooms/a", since_in{epoch, 0}});
  bob.read_waiting();
  CHECK(bob.expect_reply<place>(ref).recovered == true);
  publish(60);
  bob.read_on();
  auto at = bob.expect_push<place>("subscribed");
  CHECK(at.recovered == false);
  CHECK(at.epoch == epoch);
  CHECK(at.offset == 120);
  // What had come was without a hole, and what comes is.
  publish(1);
  app.run();
  std::uint64_t next = 1;
  auto frames = bob.heard();
  REQUIRE(frames.size() > 10);
  CHECK(frames.back().ends_with(R"("rooms/a":121}})"));
  frames.pop_back();
  for (auto& x : frames)
    CHECK(x.ends_with(R"("rooms/a":)" + std::to_string(next++) + "}}"));
  CHECK(next < 61);
}

TEST_CASE("replays and streams share the room that there is") {
  testing::app app;
  app.channel(
    "rooms/*", {},
    {.history = history_limits{.max_events = 2'000, .max_bytes = 16'777'216}});
  app.strategies().add("app::test:rows", [](context) -> stream<std::string> {
    std::string row(10'000, 'r');
    for (;;)
      co_yield row;
  });
  auto ada = app.connect();
  auto epoch = *ada.call<place>(subscribe, wish{"rooms/a"}).epoch;
  ada.disconnect();
  for (int i = 0; i < 200; ++i)
    CHECK_FALSE(app.bus().publish(posted{"a", std::string(10'000, 'x')}));
  auto bob = app.connect();
  bob.stop_reading();
  bob.send("app::test:rows");
  bob.send(subscribe, wish{"rooms/a", since_in{epoch, 0}});
  std::size_t events = 0;
  std::size_t items = 0;
  for (int round = 0; round < 30; ++round) {
    bob.read_waiting();
    for (auto& x : bob.heard())
      ++(x.find("\"offsets\"") != std::string::npos ? events : items);
  }
  CHECK(events == 200);
  CHECK(items > 200);
  bob.disconnect();
}

TEST_CASE("what ends in the middle of a replay ends at once") {
  testing::app app;
  app.channel("rooms/*", {},
              {.check = [](const claims& who, const topic&) -> caf::error {
                 if (who.user)
                   return make_error(errc::forbidden);
                 return {};
               },
               .history = history_limits{.max_bytes = 16'777'216}});
  app.strategies().add("app::test:become", [](client& who) {
    return who.set_user(user{.id = "7"});
  });
  app.strategies().add("app::test:out", [](client& who) {
    who.close({3503, "out"});
  });
  auto ada = app.connect();
  auto epoch = *ada.call<place>(subscribe, wish{"rooms/a"}).epoch;
  for (int i = 0; i < 200; ++i)
    CHECK_FALSE(app.bus().publish(posted{"a", std::string(10'000, 'x')}));
  app.run();
  auto bob = app.connect();
  bob.stop_reading();
  bob.send(subscribe, wish{"rooms/a", since_in{epoch, 0}});
  std::size_t events = 0;
  strings others;
  auto read = [&] {
    for (auto& x : bob.heard())
      if (x.find("\"offsets\"") == std::string::npos)
        others.push_back(x.substr(0, 45));
      else
        ++events;
  };
  bob.read_waiting();
  read();
  CHECK(others.size() == 1);
  auto before = events;
  auto most = before + 60;
  SECTION("for want of the right") {
    bob.send("app::test:become");
    bob.read_waiting();
    read();
    REQUIRE(others.size() == 3);
    CHECK(others[1].starts_with(R"({"topic":"unsubscribed")"));
    // What waited for the socket was sent before.
    CHECK(events < most);
    bob.read_on();
    bob.expect_nothing();
    CHECK_FALSE(bob.closed());
  }
  SECTION("with the client's word") {
    bob.send(unsubscribe, wish{"rooms/a"});
    bob.read_waiting();
    read();
    CHECK(others.size() == 2);
    CHECK(events < most);
    bob.read_on();
    bob.expect_nothing();
  }
  SECTION("with the connection") {
    bob.send("app::test:out");
    bob.read_on();
    bob.expect_close(3503);
    read();
    CHECK(events < most);
  }
  CHECK(events >= before);
}

// -- joining ------------------------------------------------------------------

namespace {

struct entry {
  std::string name;
};

BOOST_DESCRIBE_STRUCT(entry, (), (name))

struct welcome {
  std::string text;
};

BOOST_DESCRIBE_STRUCT(welcome, (), (text))

} // namespace

TEST_CASE("what runs before a subscription may answer, fail and take time") {
  testing::app app;
  std::optional<resolver<void>> open;
  app.strategies().add(
    "app::rooms:join", internal(),
    [&open](context ctx, entry in) -> task<welcome> {
      if (in.name == "nobody")
        co_return make_error(errc::conflict, "who are you?");
      if (in.name == "slow")
        co_await callback(ctx, [&open](auto done) { open = done; });
      co_return welcome{std::string{ctx.action()} + " welcomes " + in.name};
    });
  app.channel("rooms/*", {},
              {.history = history_limits{}, .join = "app::rooms:join"});
  auto ada = app.connect();
  auto join = [](std::string name) {
    return wish{"rooms/a", {}, raw_json{to_json(entry{std::move(name)})}};
  };
  CHECK(ada.expect_error(ada.send(subscribe, wish{"rooms/a"}), 400).code
        == "invalid_payload");
  CHECK(ada.expect_error(ada.send(subscribe, join("nobody")), 409).message
        == "who are you?");
  CHECK_FALSE(app.bus().publish(posted{"a", "1"}));
  app.run();
  ada.expect_nothing();
  auto ref = ada.send(subscribe, join("slow"));
  CHECK_FALSE(app.bus().publish(posted{"a", "2"}));
  app.run();
  ada.expect_nothing();
  (*open)();
  app.run();
  auto at = ada.expect_reply<place>(ref);
  CHECK(at.offset == 2);
  CHECK(at.result == raw_json{R"({"text":"rooms/a welcomes slow"})"});
  CHECK_FALSE(app.bus().publish(posted{"a", "3"}));
  app.run();
  CHECK(ada.heard() == strings{frame_of("3", 3)});
  // Not again.
  CHECK_FALSE(ada.call<place>(subscribe, join("nobody")).result);
  // Who has changed his mind is not subscribed.
  auto bob = app.connect();
  ref = bob.send(subscribe, join("slow"));
  bob.call<void>(unsubscribe, wish{"rooms/b"});
  (*open)();
  app.run();
  CHECK(bob.expect_reply<place>(ref).offset == 3);
  bob.call<void>(unsubscribe, wish{"rooms/a"});
  ref = bob.send(subscribe, join("slow"));
  bob.call<void>(unsubscribe, wish{"rooms/a"});
  (*open)();
  app.run();
  CHECK(bob.expect_error(ref, 499).code == "cancelled");
  CHECK_FALSE(app.bus().publish(posted{"a", "4"}));
  app.run();
  bob.expect_nothing();
}

TEST_CASE("a domain may decide who joins") {
  testing::app app;
  struct hall {};
  app.host([](domain_actor<hall>*) -> domain_behavior {
    return {
      on("app::rooms:join", internal(), [](context& ctx, const entry& in) {
        return welcome{std::string{ctx.action()} + ": " + in.name};
      })};
  });
  app.channel("rooms/*", {}, {.join = "app::rooms:join"});
  auto ada = app.connect();
  auto at = ada.call<place>(subscribe,
                            wish{"rooms/a", {}, raw_json{R"({"name":"Ada"})"}});
  CHECK(at.result == raw_json{R"({"text":"rooms/a: Ada"})"});
}

// -- several channels ---------------------------------------------------------

TEST_CASE_METHOD(fixture, "an event of several channels comes once") {
  auto ada = app.connect();
  auto room = ada.call<place>(subscribe, wish{"rooms/a"});
  shout({"rooms/a", "walls/b"}, "1");
  ada.call(subscribe, wish{"walls/b"});
  shout({"rooms/a", "walls/b"}, "2");
  shout({"rooms/c", "walls/b"}, "3");
  app.run();
  CHECK(ada.heard()
        == strings{shout_of("1", R"("rooms/a":1)"),
                   shout_of("2", R"("rooms/a":2,"walls/b":2)"),
                   shout_of("3", R"("walls/b":3)")});
}

TEST_CASE_METHOD(fixture,
                 "what was sent under one channel another leaves out") {
  auto ada = app.connect();
  auto wall = *ada.call<place>(subscribe, wish{"walls/b"}).epoch;
  ada.call(unsubscribe, wish{"walls/b"});
  ada.call(subscribe, wish{"rooms/a"});
  shout({"walls/b"}, "1");
  shout({"rooms/a", "walls/b"}, "2");
  shout({"walls/b", "rooms/c"}, "3");
  app.run();
  CHECK(ada.heard() == strings{shout_of("2", R"("rooms/a":1)")});
  CHECK(ada.call<place>(subscribe, wish{"walls/b", since_in{wall, 0}}).recovered
        == true);
  CHECK(ada.heard()
        == strings{shout_of("1", R"("walls/b":1)"),
                   shout_of("3", R"("walls/b":3)")});
  shout({"walls/b"}, "4");
  app.run();
  CHECK(ada.heard() == strings{shout_of("4", R"("walls/b":4)")});
}

// -- the program --------------------------------------------------------------

TEST_CASE_METHOD(fixture,
                 "a client that the program subscribes recovers, too") {
  app.on_open([](client& who) { (void) who.subscribe("rooms/a"); });
  publish_many(1, 2);
  auto ada = app.connect();
  auto at = ada.expect_push<place>("subscribed");
  CHECK(at.topic == "rooms/a");
  CHECK(at.offset == 2);
  CHECK_FALSE(at.recovered);
  publish_many(3, 3);
  app.run();
  CHECK(ada.heard() == frames_of(3, 3));
  ada.disconnect();
  publish_many(4, 5);
  auto again = app.connect();
  CHECK(again.expect_push<place>("subscribed").offset == 5);
  auto ref = again.send(subscribe, wish{"rooms/a", since_in{*at.epoch, 3}});
  publish_many(6, 6);
  app.run();
  CHECK(again.expect_reply<place>(ref).recovered == true);
  CHECK(again.heard() == frames_of(4, 6));
  // The client takes back its own, not the program's.
  again.call<void>(unsubscribe, wish{"rooms/a"});
  publish_many(7, 7);
  app.run();
  CHECK(again.heard() == frames_of(7, 7));
}

TEST_CASE_METHOD(fixture, "a pattern of the program gives no offsets") {
  app.on_open([](client& who) { (void) who.subscribe("rooms/*"); });
  auto ada = app.connect();
  publish_many(1, 1);
  app.run();
  CHECK(ada.heard() == strings{frame_of("1")});
  // The client's own wins, and each comes once.
  ada.call(subscribe, wish{"rooms/a"});
  publish_many(2, 2);
  publish("else", "b");
  app.run();
  auto frames = ada.heard();
  REQUIRE(frames.size() == 2);
  CHECK(frames[0] == frame_of("2", 2));
  CHECK(frames[1].find("offsets") == std::string::npos);
}

TEST_CASE_METHOD(fixture, "a pattern gives what came before a channel began") {
  auto frames = [&] {
    auto ada = app.connect();
    publish("1");
    ada.call(subscribe, wish{"rooms/a"});
    publish("2");
    app.run();
    return ada.heard();
  };
  auto offset = [](const std::string& text, std::uint64_t at) {
    return frame_of(text, at);
  };
  CHECK(frames() == strings{offset("2", 2)});
  app.on_open([](client& who) { (void) who.subscribe("walls/*"); });
  CHECK(frames() == strings{offset("2", 4)});
  app.on_open([](client& who) { (void) who.subscribe("rooms/*"); });
  CHECK(frames() == strings{offset("1", 0), offset("2", 6)});
}

TEST_CASE_METHOD(fixture, "what the program takes away the client is told") {
  app.strategies().add("app::test:out",
                       [](client& who) { who.unsubscribe("rooms/a"); });
  auto ada = app.connect();
  ada.call(subscribe, wish{"rooms/a"});
  ada.call("app::test:out");
  CHECK(ada.expect_push<lost>("unsubscribed").topic == "rooms/a");
  publish_many(1, 1);
  app.run();
  ada.expect_nothing();
}

TEST_CASE("what a client holds is not forgotten, and then may be") {
  testing::app other;
  memory_history one{other.system(), {.max_topics = 1}};
  other.keep_events_in(one);
  other.channel("rooms/*", {}, {.history = history_limits{}});
  auto publish_in = [&](std::string room) {
    CHECK_FALSE(other.bus().publish(posted{std::move(room), "hi"}));
  };
  {
    auto ada = other.connect();
    auto at = ada.call<place>(subscribe, wish{"rooms/a"});
    publish_in("b");
    publish_in("c");
    CHECK(ada.call<place>(subscribe, wish{"rooms/a"}).epoch == at.epoch);
    auto bob = other.connect();
    CHECK(bob.call<place>(subscribe, wish{"rooms/a"}).epoch == at.epoch);
    bob.call<void>(unsubscribe, wish{"rooms/a"});
    publish_in("b");
    publish_in("c");
    CHECK(ada.call<place>(subscribe, wish{"rooms/a"}).epoch == at.epoch);
  }
  other.run();
  publish_in("b");
  publish_in("c");
  CHECK(one.topics() == 1);
}

// -- an engine that takes its time --------------------------------------------

namespace {

/// What is stored, but was not delivered yet.
struct unheard_append final : history_append {
  std::string_view base() const noexcept override {
    return R"({"topic":"chat:message","payload":{"room":"a","text":"1"})";
  }

  void stored(caf::error) override {
    // nop
  }
};

struct slow_fixture {
  slow_fixture() {
    app.keep_events_in(slow);
    app.channel("rooms/*", {}, {.history = history_limits{.max_events = 10}});
  }

  ~slow_fixture() {
    slow.hurry();
    app.stop();
  }

  void publish(int from, int to) {
    for (; from <= to; ++from)
      CHECK_FALSE(app.bus().publish(posted{"a", std::to_string(from)}));
  }

  /// One that is stored, but hears only later that it is.
  void settle() {
    slow.answer_all();
    app.run();
  }

  /// Of a client that is subscribed.
  std::string subscribed(testing::fake_client& who) {
    auto ref = who.send(subscribe, wish{"rooms/a"});
    while (slow.waiting() > 0)
      settle();
    return *who.expect_reply<place>(ref).epoch;
  }

  testing::app app;
  memory_history memory{app.system()};
  test::slow_history slow{memory};
};

} // namespace

TEST_CASE_METHOD(slow_fixture, "what is published meanwhile is not missed") {
  auto ada = app.connect();
  auto ref = ada.send(subscribe, wish{"rooms/a"});
  // History is asked where it is; these are stored behind that.
  publish(1, 2);
  app.run();
  CHECK(ada.heard().empty());
  slow.answer();
  app.run();
  CHECK(ada.expect_reply<place>(ref).offset == 0);
  settle();
  CHECK(ada.heard() == frames_of(1, 2));
}

TEST_CASE_METHOD(slow_fixture, "what is told of out of order comes in order") {
  auto ada = app.connect();
  subscribed(ada);
  // Two threads have published, and the second is told first.
  auto first = std::make_shared<unheard_append>();
  first->targets.push_back({"rooms/a", {}});
  memory.append(first);
  publish(2, 2);
  slow.answer();
  app.run();
  // It waits for what history has.
  CHECK(ada.heard().empty());
  CHECK(slow.waiting() == 1);
  publish(3, 3);
  slow.answer(1);
  app.run();
  CHECK(ada.heard().empty());
  // History says what it has now, third included.
  slow.answer();
  app.run();
  CHECK(ada.heard() == frames_of(1, 3));
  publish(4, 4);
  slow.answer();
  app.run();
  CHECK(slow.waiting() == 0);
  CHECK(ada.heard() == frames_of(4, 4));
}

TEST_CASE_METHOD(slow_fixture, "events while history is read come once") {
  auto ada = app.connect();
  auto epoch = subscribed(ada);
  publish(1, 3);
  settle();
  ada.disconnect();
  settle();
  auto again = app.connect();
  auto ref = again.send(subscribe, wish{"rooms/a", since_in{epoch, 1}});
  slow.answer();
  app.run();
  // The read is on its way. Stored before it, and told of before it.
  publish(4, 4);
  slow.answer(slow.waiting() - 1);
  app.run();
  CHECK(again.heard().empty());
  settle();
  auto at = again.expect_reply<place>(ref);
  CHECK(at.recovered == true);
  CHECK(again.heard() == frames_of(2, 4));
  publish(5, 5);
  settle();
  CHECK(again.heard() == frames_of(5, 5));
}

TEST_CASE_METHOD(slow_fixture, "a history that runs out is told") {
  auto ada = app.connect();
  auto epoch = subscribed(ada);
  // A gap, whose end history has no longer when it is asked.
  for (int i = 1; i < 20; ++i) {
    auto unheard = std::make_shared<unheard_append>();
    unheard->targets.push_back({"rooms/a", {.max_events = 10}});
    memory.append(unheard);
  }
  publish(20, 20);
  slow.answer();
  app.run();
  CHECK(ada.heard().empty());
  settle();
  auto at = ada.expect_push<place>("subscribed");
  CHECK(at.epoch == epoch);
  CHECK(at.offset == 20);
  CHECK(at.recovered == false);
  ada.expect_nothing();
  publish(21, 21);
  settle();
  CHECK(ada.heard() == frames_of(21, 21));
}

TEST_CASE_METHOD(slow_fixture, "a subscription that fails leaves nothing") {
  auto ada = app.connect();
  auto ref = ada.send(subscribe, wish{"rooms/a"});
  slow.fail();
  app.run();
  CHECK(ada.expect_error(ref, 503).code == "unavailable");
  auto handle = caf::actor_cast<caf::strong_actor_ptr>(ada.handle());
  CHECK(app.bus().subscriptions(handle.get()) == 0);
  settle();
  // The next one succeeds.
  subscribed(ada);
}

TEST_CASE("who cannot follow a history lets go of nobody else's") {
  testing::app app;
  memory_history memory{app.system(), {.max_topics = 1}};
  test::slow_history slow{memory};
  app.keep_events_in(slow);
  app.channel("rooms/*", {}, {.history = history_limits{}});
  auto ada = app.connect();
  auto first = ada.send(subscribe, wish{"rooms/a"});
  slow.answer_all();
  auto epoch = ada.expect_reply<place>(first).epoch;
  auto bob = app.connect();
  auto second = bob.send(subscribe, wish{"rooms/a"});
  slow.fail();
  CHECK(bob.expect_error(second, 503).code == "unavailable");
  slow.hurry();
  for (auto room : {"b", "c"})
    CHECK_FALSE(app.bus().publish(posted{room, "hi"}));
  CHECK(bob.call<place>(subscribe, wish{"rooms/a"}).epoch == epoch);
}

TEST_CASE("who goes before a history answers does not follow it") {
  testing::app app;
  memory_history memory{app.system(), {.max_topics = 1}};
  test::slow_history slow{memory};
  app.keep_events_in(slow);
  app.channel("rooms/*", {}, {.history = history_limits{}});
  auto ada = app.connect();
  SECTION("with the connection") {
    ada.send(subscribe, wish{"rooms/a"});
    ada.disconnect();
  }
  SECTION("with the client's word") {
    CHECK(ada.cancel(ada.send(subscribe, wish{"rooms/a"})));
  }
  slow.hurry();
  app.run();
  for (auto room : {"b", "c"})
    CHECK_FALSE(app.bus().publish(posted{room, "hi"}));
  CHECK(memory.topics() == 1);
}

TEST_CASE_METHOD(slow_fixture, "two subscribe at once, and both succeed") {
  auto ada = app.connect();
  auto first = ada.send(subscribe, wish{"rooms/a"});
  auto second = ada.send(subscribe, wish{"rooms/a"});
  settle();
  settle();
  CHECK(ada.expect_reply<place>(first).offset == 0);
  CHECK(ada.expect_reply<place>(second).offset == 0);
  publish(1, 1);
  settle();
  CHECK(ada.heard() == frames_of(1, 1));
}

TEST_CASE_METHOD(slow_fixture, "who goes meanwhile is not subscribed") {
  auto ada = app.connect();
  auto ref = ada.send(subscribe, wish{"rooms/a"});
  ada.call<void>(unsubscribe, wish{"rooms/a"});
  settle();
  CHECK(ada.expect_error(ref, 499).code == "cancelled");
  publish(1, 1);
  settle();
  ada.expect_nothing();
  ada.send(subscribe, wish{"rooms/a"});
  ada.disconnect();
  settle();
  auto bob = app.connect();
  ref = bob.send(subscribe, wish{"rooms/a"});
  auto handle = caf::actor_cast<caf::strong_actor_ptr>(bob.handle());
  // The request's time is up before history answers.
  app.advance(11s);
  CHECK(bob.expect_error(ref, 504).code == "timeout");
  CHECK(app.bus().subscriptions(handle.get()) == 0);
  settle();
  bob.expect_nothing();
}

TEST_CASE_METHOD(slow_fixture,
                 "who waits for another one's answer has an end") {
  auto ada = app.connect();
  auto first = ada.send(subscribe, wish{"rooms/a"});
  app.advance(5s);
  auto second = ada.send(subscribe, wish{"rooms/a"});
  app.advance(20s);
  CHECK(ada.expect_error(first, 504).code == "timeout");
  CHECK(ada.expect_error(second, 504).code == "timeout");
  settle();
  subscribed(ada);
}

TEST_CASE_METHOD(slow_fixture,
                 "an old answer makes no hole in a new beginning") {
  publish(1, 5);
  settle();
  auto ada = app.connect();
  auto epoch = subscribed(ada);
  auto missed = std::make_shared<unheard_append>();
  missed->targets.push_back({"rooms/a", {.max_events = 10}});
  memory.append(missed);
  publish(7, 7);
  slow.answer();
  app.run();
  // It reads behind 5, and now wants to begin behind 2.
  REQUIRE(slow.waiting() == 1);
  auto ref = ada.send(subscribe, wish{"rooms/a", since_in{epoch, 2}});
  REQUIRE(slow.waiting() == 2);
  slow.answer(1);
  app.run();
  CHECK(ada.expect_reply<place>(ref).recovered == true);
  settle();
  settle();
  std::uint64_t next = 3;
  for (auto& x : ada.heard())
    CHECK(x.find(R"("rooms/a":)" + std::to_string(next++) + "}")
          != std::string::npos);
  CHECK(next == 8);
}

TEST_CASE_METHOD(slow_fixture,
                 "who subscribes again is answered before the events come") {
  publish(1, 5);
  settle();
  auto ada = app.connect();
  auto epoch = subscribed(ada);
  auto ref = ada.send(subscribe, wish{"rooms/a", since_in{epoch, 2}});
  settle();
  auto frames = ada.heard();
  REQUIRE(frames.size() == 4);
  CHECK(frames[0].find("\"ackId\":" + std::to_string(ref))
        != std::string::npos);
  frames.erase(frames.begin());
  CHECK(frames == frames_of(3, 5));
}

TEST_CASE_METHOD(slow_fixture, "who goes back twice gets nothing twice") {
  publish(1, 3);
  settle();
  auto ada = app.connect();
  auto epoch = subscribed(ada);
  publish(4, 5);
  settle();
  CHECK(ada.heard() == frames_of(4, 5));
  auto first = ada.send(subscribe, wish{"rooms/a", since_in{epoch, 2}});
  auto second = ada.send(subscribe, wish{"rooms/a", since_in{epoch, 1}});
  settle();
  CHECK(ada.expect_reply<place>(first).recovered == true);
  // Rather than that: the rest of it is on its way.
  CHECK(ada.expect_reply<place>(second).recovered == false);
  CHECK(ada.heard() == frames_of(3, 3));
  publish(6, 6);
  settle();
  CHECK(ada.heard() == frames_of(6, 6));
}

TEST_CASE_METHOD(slow_fixture, "of several at once the first may fail") {
  auto ada = app.connect();
  auto first = ada.send(subscribe, wish{"rooms/a"});
  std::vector<int> others;
  for (int i = 0; i < 3; ++i)
    others.push_back(ada.send(subscribe, wish{"rooms/a"}));
  slow.fail();
  settle();
  settle();
  CHECK(ada.expect_error(first, 503).code == "unavailable");
  for (auto ref : others)
    CHECK(ada.expect_reply<place>(ref).offset == 0);
  publish(1, 1);
  settle();
  CHECK(ada.heard() == frames_of(1, 1));
}

TEST_CASE_METHOD(slow_fixture,
                 "what the program has subscribed outlives the client's try") {
  app.strategies().add("app::test:in",
                       [](client& who) { return who.subscribe("rooms/a"); });
  publish(1, 1);
  settle();
  auto ada = app.connect();
  auto ref = ada.send(subscribe, wish{"rooms/a"});
  ada.call("app::test:in");
  SECTION("which fails") {
    slow.fail();
    CHECK(ada.expect_error(ref, 503).code == "unavailable");
  }
  SECTION("which it takes back") {
    ada.call<void>(unsubscribe, wish{"rooms/a"});
    slow.answer();
    CHECK(ada.expect_error(ref, 499).code == "cancelled");
  }
  SECTION("which it cancels") {
    CHECK(ada.cancel(ref));
    CHECK(ada.expect_error(ref, 499).code == "cancelled");
  }
  settle();
  CHECK(ada.expect_push<place>("subscribed").offset == 1);
  publish(2, 2);
  settle();
  CHECK(ada.heard() == frames_of(2, 2));
}

TEST_CASE_METHOD(slow_fixture,
                 "what a client asks for when it may not is not") {
  app.strategies().add("app::test:become", [](client& who) {
    return who.set_user(user{.id = "7"});
  });
  app.channel("cells/*", {},
              {.check = [](const claims& who, const topic&) -> caf::error {
                 if (who.user)
                   return make_error(errc::forbidden);
                 return {};
               },
               .history = history_limits{}});
  auto is_programs = GENERATE(true, false);
  CAPTURE(is_programs);
  if (is_programs)
    app.on_open([](client& who) { (void) who.subscribe("cells/a"); });
  auto publish_there = [this] {
    CHECK_FALSE(app.bus().publish(shouted{{"cells/a"}, "hi"}));
    settle();
  };
  auto watcher = app.connect();
  auto asked = watcher.send(subscribe, wish{"cells/a"});
  settle();
  settle();
  auto epoch = *watcher.expect_reply<place>(asked).epoch;
  publish_there();
  auto ada = app.connect();
  settle();
  if (is_programs)
    CHECK(ada.expect_push<place>("subscribed").offset == 1);
  auto ref = ada.send(subscribe, wish{"cells/a", since_in{epoch, 0}});
  // Its history has been asked, or how far that is.
  ada.call("app::test:become");
  settle();
  settle();
  CHECK(ada.expect_error(ref, 403).code == "forbidden");
  // What came before it began was for those who may.
  ada.expect_nothing();
  publish_there();
  CHECK(
    ada.heard()
    == (is_programs ? strings{shout_of("hi", R"("cells/a":2)")} : strings{}));
}

TEST_CASE("what a list costs is asked for when it is asked for") {
  testing::app app{{.client = {.max_subscriptions = 2}}};
  memory_history memory{app.system()};
  test::slow_history slow{memory};
  app.keep_events_in(slow);
  app.channel("rooms/*", {},
              {.history = history_limits{}, .presence = presence_options{}});
  auto ada = app.connect();
  auto watch = [&](std::string room) {
    return ada.send(subscribe, raw_json{R"({"topic":"rooms/)" + room
                                        + R"(","presence":true})"});
  };
  auto first = watch("a");
  auto second = ada.send(subscribe, wish{"rooms/b"});
  slow.hurry();
  app.run();
  CHECK(ada.expect_error(first, 429).code == "too_many_requests");
  ada.expect_reply<place>(second);
  auto handle = caf::actor_cast<caf::strong_actor_ptr>(ada.handle());
  CHECK(app.bus().subscriptions(handle.get()) == 1);
  app.stop();
}

namespace {

/// An engine with which somebody publishes before a follower knows where it is.
struct busy_history final : test::slow_history {
  using slow_history::slow_history;

  void follow(std::string_view topic, const history_limits& limits,
              position_receiver then) override {
    slow_history::follow(topic, limits, std::move(then));
    if (auto go = std::exchange(meanwhile, {}))
      go();
  }

  std::function<void()> meanwhile;
};

} // namespace

TEST_CASE("what is published while the program subscribes is not late") {
  testing::app app;
  memory_history memory{app.system()};
  busy_history busy{memory};
  busy.hurry();
  app.keep_events_in(busy);
  app.channel("rooms/*", {}, {.history = history_limits{}});
  app.strategies().add("app::test:in",
                       [](client& who) { return who.subscribe("rooms/a"); });
  auto ada = app.connect();
  busy.meanwhile = [&app] { CHECK_FALSE(app.bus().publish(posted{"a", "1"})); };
  ada.call("app::test:in");
  CHECK(ada.expect_push<place>("subscribed").offset == 0);
  CHECK(ada.heard() == frames_of(1, 1));
  app.stop();
}

// -- an oracle ----------------------------------------------------------------

namespace {

/// What a page remembers of a room, and checks.
struct reader {
  explicit reader(testing::app& in) : app(in) {
  }

  void connect() {
    who.emplace(app.connect());
    subscribed = false;
  }

  void subscribe_again() {
    wish what{"rooms/a"};
    if (epoch)
      what.since = since_in{*epoch, position};
    auto ref = who->send(subscribe, what);
    auto frames = who->heard();
    auto i = frames.begin();
    auto id = "\"ackId\":" + std::to_string(ref) + "}";
    while (i->find(id) == std::string::npos)
      hear(*i++);
    auto text = *i++;
    auto begin = text.find("\"payload\":") + 10;
    auto at
      = from_json<place>(text.substr(begin, text.rfind(",\"ackId\"") - begin));
    REQUIRE(at);
    if (what.since && at->recovered == false)
      ++gaps;
    if (!what.since || (at->recovered == false && !subscribed)) {
      epoch = at->epoch;
      position = *at->offset;
    }
    if (at->recovered == true)
      ++recoveries;
    subscribed = true;
    for (; i != frames.end(); ++i)
      hear(*i);
  }

  void hear_all() {
    if (who)
      for (auto& x : who->heard())
        hear(x);
  }

  void hear(const std::string& frame) {
    auto where = frame.find("\"rooms/a\":");
    REQUIRE(where != std::string::npos);
    CHECK(subscribed);
    auto offset = std::stoull(frame.substr(where + 10));
    REQUIRE(offset == position + 1);
    position = offset;
    ++heard;
  }

  testing::app& app;
  std::optional<testing::fake_client> who;
  std::optional<std::string> epoch;
  std::uint64_t position = 0;
  bool subscribed = false;
  std::size_t heard = 0;
  std::size_t gaps = 0;
  std::size_t recoveries = 0;
};

} // namespace

TEST_CASE_METHOD(fixture, "whatever happens, offsets have no gap unseen") {
  std::mt19937 random{17};
  std::vector<std::unique_ptr<reader>> readers;
  for (int i = 0; i < 5; ++i)
    readers.push_back(std::make_unique<reader>(app));
  std::uint64_t published = 0;
  for (int round = 0; round < 4'000; ++round) {
    auto& x = *readers[random() % readers.size()];
    switch (random() % 6) {
      case 0:
        x.hear_all();
        if (x.who && random() % 3 == 0)
          x.who.reset();
        break;
      case 1:
        if (!x.who)
          x.connect();
        else if (!x.subscribed)
          x.subscribe_again();
        break;
      case 2:
        if (x.who && x.subscribed && random() % 4 == 0) {
          x.hear_all();
          x.who->call<void>(unsubscribe, wish{"rooms/a"});
          x.hear_all();
          x.subscribed = false;
        }
        break;
      default:
        for (auto count = 1 + random() % 4; count > 0; --count, ++published)
          publish("x");
    }
    if (random() % 3 == 0)
      app.run();
  }
  app.run();
  std::size_t recoveries = 0;
  std::size_t gaps = 0;
  for (auto& x : readers) {
    if (!x->who)
      x->connect();
    x->hear_all();
    x->subscribe_again();
    CHECK(x->position == published);
    CHECK(x->heard > 100);
    recoveries += x->recoveries;
    gaps += x->gaps;
  }
  // It has seen both.
  CHECK(recoveries > 20);
  CHECK(gaps > 20);
}

namespace {

/// A client that does not wait for answers, and what it has of room a.
struct hasty_reader {
  void read() {
    for (auto& x : who->heard()) {
      auto where = x.find("\"rooms/a\":");
      if (where == std::string::npos)
        continue;
      auto offset = std::stoull(x.substr(where + 10));
      CHECK(had.insert(offset).second);
      newest = std::max<std::uint64_t>(newest, offset);
    }
  }

  std::optional<testing::fake_client> who;
  int ref = 0;
  std::uint64_t newest = 0;
  /// Whether the program has subscribed it.
  bool is_in = false;
  /// Since it was subscribed.
  std::set<std::uint64_t> had;
};

void hurry_and_change_minds(std::uint32_t seed) {
  CAPTURE(seed);
  std::mt19937 random{seed};
  slow_fixture f;
  f.app.strategies().add("app::test:in",
                         [](client& who) { return who.subscribe("rooms/a"); });
  f.app.strategies().add("app::test:out",
                         [](client& who) { who.unsubscribe("rooms/a"); });
  auto watcher = f.app.connect();
  auto epoch = f.subscribed(watcher);
  std::array<hasty_reader, 3> readers;
  for (auto& x : readers)
    x.who.emplace(f.app.connect());
  auto back = [&](hasty_reader& x) {
    x.read();
    return x.who->send(subscribe, wish{"rooms/a", since_in{epoch, x.newest}});
  };
  int published = 0;
  for (int round = 0; round < 400; ++round) {
    auto& x = readers[random() % readers.size()];
    x.read();
    switch (random() % 12) {
      case 0:
      case 1:
        x.ref = back(x);
        break;
      case 2:
        x.ref = x.who->send(subscribe, wish{"rooms/a"});
        break;
      case 3:
        x.who->send(unsubscribe, wish{"rooms/a"});
        x.read();
        x.had.clear();
        break;
      case 4:
        x.who->send("app::websocket:cancel",
                    std::map<std::string, int>{{"ackId", x.ref}});
        break;
      case 5:
        x.who->send("app::test:in");
        x.is_in = true;
        break;
      case 6:
        x.who->send("app::test:out");
        x.is_in = false;
        x.read();
        x.had.clear();
        break;
      case 7:
        f.publish(published + 1, published + 1);
        ++published;
        break;
      default:
        if (f.slow.waiting() > 0)
          f.slow.answer();
        f.app.run();
    }
  }
  auto settle = [&f] {
    for (f.app.run(); f.slow.waiting() > 0; f.app.run())
      f.slow.answer_all();
  };
  auto publish = [&] {
    settle();
    for (auto& x : readers)
      x.read();
    f.publish(published + 1, published + 1);
    ++published;
    settle();
  };
  publish();
  for (auto& x : readers)
    if (x.is_in)
      CHECK(x.who->heard() == frames_of(published, published));
  for (auto& x : readers) {
    settle();
    x.read();
    x.ref = back(x);
    settle();
    auto frames = x.who->heard();
    CHECK(std::any_of(frames.begin(), frames.end(), [&x](auto& y) {
      return y.find("\"ackId\":" + std::to_string(x.ref) + "}") != y.npos
             && y.find("\"offset\":") != y.npos;
    }));
  }
  publish();
  for (auto& x : readers)
    CHECK(x.who->heard() == frames_of(published, published));
}

} // namespace

TEST_CASE("whoever changes his mind in the middle gets each event once") {
  for (std::uint32_t seed = 1; seed <= 40; ++seed)
    hurry_and_change_minds(seed);
}
