#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "flamigo/presence/memory_presence.hpp"
#include "flamigo/presence/who_is_in.hpp"
#include "flamigo/testing.hpp"
#include "presence/slow_presence.hpp"
#include "support/log_capture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::strings;

namespace {

struct card {
  std::string name;
};

BOOST_DESCRIBE_STRUCT(card, (), (name))

struct mood {
  std::string mood;
};

BOOST_DESCRIBE_STRUCT(mood, (), (mood))

struct question {
  std::string topic;
  std::optional<bool> presence = {};
  std::optional<raw_json> input = {};
};

BOOST_DESCRIBE_STRUCT(question, (), (topic, presence, input))

struct answer {
  std::vector<presence_entry> presence;
};

BOOST_DESCRIBE_STRUCT(answer, (), (presence))

/// Something that the program says where it likes.
struct rumour {
  std::string where;

  topic topics() const {
    return topic{where};
  }

  client_message to_client() const {
    return make_client_message("rumour", where);
  }
};

BOOST_DESCRIBE_STRUCT(rumour, (), (where))

card card_of(const claims& who) {
  return {who.user ? who.user->name : "guest"};
}

strings keys_of(const std::vector<presence_entry>& people) {
  strings result;
  for (auto& x : people)
    result.push_back(x.key);
  return result;
}

/// The lines with this text.
std::ptrdiff_t count(const test::log_capture& log, const std::string& text) {
  auto lines = log.lines();
  return std::count_if(lines.begin(), lines.end(), [&text](auto& line) {
    return test::contains(line, text);
  });
}

struct fixture {
  fixture() {
    app.authenticate();
    app.channel("rooms/*", open_to_guests(),
                {.history = history_limits{},
                 .presence = presence_of(card_of)});
    app.channel("bars/*", open_to_guests(), {.presence = presence_options{}});
    app.channel("streets/*", open_to_guests());
  }

  testing::fake_client enter(const std::string& id) {
    return app.connect(user{.id = id, .name = "N" + id});
  }

  void tell() {
    app.advance(100ms);
  }

  testing::app app;
};

} // namespace

// -- who is there -------------------------------------------------------------

TEST_CASE_METHOD(fixture, "a client is told who is there, itself included") {
  auto ada = enter("1");
  auto bob = enter("2");
  ada.subscribe("rooms/a");
  auto at = bob.watch("rooms/a");
  REQUIRE(at.presence);
  CHECK(*at.presence
        == std::vector<presence_entry>{{"u:1", {R"({"name":"N1"})"}},
                                       {"u:2", {R"({"name":"N2"})"}}});
  CHECK(at.offset == 0);
  // Who has not asked is told nothing.
  auto cid = enter("3");
  CHECK_FALSE(cid.subscribe("rooms/a").presence);
  tell();
  cid.expect_nothing();
  ada.expect_nothing();
}

TEST_CASE_METHOD(fixture,
                 "changes are told together when their time has come") {
  auto ada = enter("1");
  ada.watch("rooms/a");
  tell();
  ada.expect_presence("rooms/a");
  auto bob = enter("2");
  auto cid = enter("3");
  bob.subscribe("rooms/a");
  app.advance(50ms);
  cid.subscribe("rooms/a");
  app.advance(49ms);
  ada.expect_nothing();
  app.advance(1ms);
  CHECK(ada.heard()
        == strings{R"({"topic":"presence","payload":{"topic":"rooms/a",)"
                   R"("joined":[{"key":"u:2","state":{"name":"N2"}},)"
                   R"({"key":"u:3","state":{"name":"N3"}}],"left":[]}})"});
  bob.disconnect();
  cid.unsubscribe("rooms/a");
  tell();
  CHECK(ada.heard()
        == strings{R"({"topic":"presence","payload":{"topic":"rooms/a",)"
                   R"("joined":[],"left":[{"key":"u:2"},{"key":"u:3"}]}})"});
}

TEST_CASE_METHOD(fixture, "who has come and gone meanwhile is not told of") {
  auto ada = enter("1");
  ada.watch("rooms/a");
  tell();
  ada.expect_presence("rooms/a");
  auto bob = enter("2");
  bob.subscribe("rooms/a");
  bob.disconnect();
  tell();
  ada.expect_nothing();
  SECTION("unless a list has shown it") {
    bob = enter("2");
    bob.subscribe("rooms/a");
    auto cid = enter("3");
    CHECK(keys_of(*cid.watch("rooms/a").presence)
          == strings{"u:1", "u:2", "u:3"});
    bob.disconnect();
    tell();
    CHECK(cid.expect_presence("rooms/a").left == strings{"u:2"});
    CHECK(keys_of(cid.people("rooms/a")) == strings{"u:1", "u:3"});
    CHECK(keys_of(ada.expect_presence("rooms/a").joined) == strings{"u:3"});
  }
}

TEST_CASE_METHOD(fixture, "several connections of a user are one key") {
  auto ada = enter("1");
  ada.watch("rooms/a");
  auto tab = enter("2");
  auto phone = enter("2");
  tab.subscribe("rooms/a");
  phone.subscribe("rooms/a");
  tell();
  CHECK(keys_of(ada.expect_presence("rooms/a").joined)
        == strings{"u:1", "u:2"});
  tab.disconnect();
  tell();
  ada.expect_nothing();
  phone.disconnect();
  tell();
  CHECK(ada.expect_presence("rooms/a").left == strings{"u:2"});
}

TEST_CASE_METHOD(fixture, "a guest who signs in leaves and joins in one") {
  auto ada = enter("1");
  ada.watch("rooms/a");
  auto guest = app.connect();
  guest.subscribe("rooms/a");
  tell();
  auto first = ada.expect_presence("rooms/a");
  REQUIRE(first.joined.size() == 2);
  auto key = first.joined[1].key;
  CHECK(key.substr(0, 2) == "c:");
  CHECK(first.joined[1].state.text == R"({"name":"guest"})");
  app.add_user(user{.id = "2", .name = "N2"});
  guest.call<raw_json>("app::websocket:auth",
                       std::map<std::string, std::string>{{"token", "2"}});
  tell();
  auto then = ada.expect_presence("rooms/a");
  CHECK(then.left == strings{key});
  CHECK(then.joined
        == std::vector<presence_entry>{{"u:2", {R"({"name":"N2"})"}}});
  ada.expect_nothing();
}

TEST_CASE_METHOD(fixture, "the state of the newest connection is shown") {
  app.channel("moods/*", {},
              {.presence = presence_of(
                 [](const claims&, const mood& in) { return in; })});
  auto ada = enter("1");
  ada.watch("moods/a", mood{"calm"});
  auto tab = enter("2");
  auto phone = enter("2");
  tab.subscribe("moods/a", mood{"glad"});
  phone.subscribe("moods/a", mood{"sad"});
  tell();
  CHECK(ada.expect_presence("moods/a").joined
        == std::vector<presence_entry>{{"u:1", {R"({"mood":"calm"})"}},
                                       {"u:2", {R"({"mood":"sad"})"}}});
  phone.disconnect();
  tell();
  CHECK(ada.expect_presence("moods/a").joined
        == std::vector<presence_entry>{{"u:2", {R"({"mood":"glad"})"}}});
  SECTION("one that cannot be made is no subscription") {
    auto cid = enter("3");
    auto ref = cid.send("app::websocket:subscribe", question{"moods/a"});
    CHECK(cid.expect_error(ref, 400).code == "invalid_payload");
    tell();
    ada.expect_nothing();
    CHECK(app.bus().subscriptions(
            caf::actor_cast<caf::actor_control_block*>(cid.handle()))
          == 1);
  }
}

// -- asking -------------------------------------------------------------------

TEST_CASE_METHOD(fixture, "who may subscribe may ask who is there") {
  app.channel("secret", is_authenticated(), {.presence = presence_options{}});
  auto ada = enter("1");
  ada.subscribe("bars/a");
  auto guest = app.connect();
  auto there = guest.call<answer>("app::websocket:presence",
                                  question{"bars/a"});
  CHECK(there.presence == std::vector<presence_entry>{{"u:1", {"{}"}}});
  auto ref = guest.send("app::websocket:presence", question{"secret"});
  CHECK(guest.expect_error(ref, 401).code == "unauthorized");
  ref = guest.send("app::websocket:presence", question{"nowhere"});
  CHECK(guest.expect_error(ref, 404).code == "unknown_channel");
  ref = guest.send("app::websocket:presence", question{"streets/a"});
  CHECK(guest.expect_error(ref, 400).code == "invalid_payload");
  ref = guest.send("app::websocket:presence", question{"bars/*"});
  guest.expect_error(ref, 400);
  // Where there is no presence nobody is shown.
  auto at = guest.call<raw_json>("app::websocket:subscribe",
                                 question{"streets/a", true});
  CHECK(at.text == R"({"topic":"streets/a"})");
  ref = guest.send("app::websocket:subscribe",
                   question{"bars/" + std::string(1'019, 'x'), true});
  guest.expect_error(ref, 400);
}

TEST_CASE_METHOD(fixture, "one may ask later, and not any more") {
  auto ada = enter("1");
  ada.subscribe("rooms/a");
  tell();
  CHECK(keys_of(*ada.watch("rooms/a").presence) == strings{"u:1"});
  auto bob = enter("2");
  bob.subscribe("rooms/a");
  tell();
  CHECK(keys_of(ada.expect_presence("rooms/a").joined) == strings{"u:2"});
  ada.unsubscribe("rooms/a");
  CHECK(app.bus().subscriptions(
          caf::actor_cast<caf::actor_control_block*>(ada.handle()))
        == 1);
  bob.unsubscribe("rooms/a");
  tell();
  ada.expect_nothing();
}

TEST_CASE_METHOD(fixture, "the program sees who is there") {
  app.strategies().add("app::test:count", [](context ctx) -> task<std::size_t> {
    auto there = co_await who_is_in(ctx, "rooms/a");
    if (!there)
      co_return there.error();
    co_return there->entries.size();
  });
  auto ada = enter("1");
  auto bob = enter("2");
  ada.subscribe("rooms/a");
  bob.subscribe("rooms/a");
  CHECK(ada.call<std::size_t>("app::test:count") == 2);
  bob.disconnect();
  CHECK(ada.call<std::size_t>("app::test:count") == 1);
}

// -- what the program does ----------------------------------------------------

TEST_CASE_METHOD(fixture, "whom the program subscribes is there as well") {
  app.on_open([](context&, client& who) { who.subscribe("bars/a"); });
  auto ada = enter("1");
  auto bob = enter("2");
  CHECK(keys_of(*ada.watch("bars/a").presence) == strings{"u:1", "u:2"});
  ada.unsubscribe("bars/a");
  tell();
  ada.expect_nothing();
  CHECK(
    keys_of(
      bob.call<answer>("app::websocket:presence", question{"bars/a"}).presence)
    == strings{"u:1", "u:2"});
}

TEST_CASE_METHOD(fixture, "who loses the right has left") {
  app.channel("clubs/*", has_permission("club"),
              {.presence = presence_of(card_of)});
  user member{.id = "2", .name = "N2"};
  member.permissions = {"club"};
  user other{.id = "1", .name = "N1"};
  other.permissions = {"club"};
  auto ada = app.connect(other);
  auto bob = app.connect(member);
  ada.watch("clubs/a");
  bob.watch("clubs/a");
  tell();
  ada.heard();
  bob.heard();
  member.permissions = {};
  app.add_user(member);
  bob.call<raw_json>("app::websocket:auth",
                     std::map<std::string, std::string>{{"token", "2"}});
  CHECK(bob.expect_push<raw_json>("unsubscribed").text
        == R"({"topic":"clubs/a","code":"forbidden"})");
  tell();
  CHECK(ada.expect_presence("clubs/a").left == strings{"u:2"});
  bob.expect_nothing();
}

TEST_CASE_METHOD(fixture, "who loses the right is told no more of others") {
  app.channel("clubs/*", has_permission("club"),
              {.presence = presence_options{}});
  app.on_open([](context&, client& who) { who.subscribe("clubs/a"); });
  user member{.id = "1"};
  member.permissions = {"club"};
  auto ada = app.connect(member);
  ada.watch("clubs/a");
  member.permissions = {};
  app.add_user(member);
  ada.call<raw_json>("app::websocket:auth",
                     std::map<std::string, std::string>{{"token", "1"}});
  auto bob = enter("2");
  tell();
  ada.expect_nothing();
  CHECK(app.bus().subscribers(topic{"presence/clubs/a"}).size() == 1);
}

TEST_CASE_METHOD(fixture, "who could not be shown may be shown later") {
  test::log_capture log;
  app.channel(
    "halls/*", {},
    {.presence = presence_of([](const claims& who) -> caf::expected<card> {
       if (who.user->name.empty())
         return make_error(errc::conflict, "has no name");
       return card{who.user->name};
     })});
  auto ada = enter("1");
  ada.watch("halls/a");
  auto bob = enter("2");
  bob.subscribe("halls/a");
  tell();
  ada.heard();
  auto rename = [&](const std::string& name) {
    app.add_user(user{.id = "2", .name = name});
    bob.call<raw_json>("app::websocket:auth",
                       std::map<std::string, std::string>{{"token", "2"}});
    tell();
  };
  rename("");
  CHECK(ada.expect_presence("halls/a").left == strings{"u:2"});
  CHECK(count(log, "has no name") == 1);
  rename("Bob");
  CHECK(ada.expect_presence("halls/a").joined
        == std::vector<presence_entry>{{"u:2", {R"({"name":"Bob"})"}}});
}

TEST_CASE_METHOD(fixture, "what the program could not show the client can") {
  test::log_capture log;
  app.channel("moods/*", {},
              {.presence = presence_of(
                 [](const claims&, const mood& in) { return in; })});
  app.on_open([](context&, client& who) { who.subscribe("moods/a"); });
  auto ada = enter("1");
  CHECK(count(log, "moods/a: others do not see it") == 1);
  auto ref = ada.send("app::websocket:subscribe", question{"moods/a", true});
  ada.expect_error(ref, 400);
  CHECK(ada.watch("moods/a", mood{"calm"}).presence
        == std::vector<presence_entry>{{"u:1", {R"({"mood":"calm"})"}}});
}

TEST_CASE_METHOD(fixture, "what a client subscribes with is kept for use") {
  strings given;
  auto note = [&given](const claims&, std::string_view input) {
    given.emplace_back(input);
    return caf::expected<std::string>{"1"};
  };
  app.channel("used/*", {}, {.presence = presence_options{.show = note}});
  app.channel(
    "unused/*", {},
    {.presence = presence_options{.show = note, .shows_input = false}});
  auto ada = enter("1");
  ada.subscribe("used/a", mood{"calm"});
  ada.subscribe("unused/a", mood{"calm"});
  CHECK(given == strings{R"({"mood":"calm"})", "null"});
  CHECK_FALSE(presence_of(card_of).shows_input);
  CHECK(
    presence_of([](const claims&, const mood& in) { return in; }).shows_input);
}

TEST_CASE("to watch a channel is a subscription more") {
  testing::app app{{.client = {.max_subscriptions = 3}}};
  app.channel("bars/*", {}, {.presence = presence_options{}});
  auto ada = app.connect();
  ada.watch("bars/a");
  auto ask = [&ada](const question& what) {
    return ada.send("app::websocket:subscribe", what);
  };
  ada.expect_error(ask({"bars/b", true}), 429);
  ada.subscribe("bars/b");
  ada.expect_error(ask({"bars/b", true}), 429);
  ada.expect_error(ask({"bars/c"}), 429);
  // Again is not more.
  ada.watch("bars/a");
  ada.unsubscribe("bars/a");
  ada.watch("bars/b");
}

TEST_CASE_METHOD(fixture, "who does not fit into the list is not seen") {
  test::log_capture log;
  app.channel("cabins/*", {}, {.presence = presence_options{.max_bytes = 60}});
  auto ada = enter("1");
  auto bob = enter("2");
  auto cid = enter("3");
  ada.watch("cabins/a");
  bob.subscribe("cabins/a");
  auto dot = enter("4");
  cid.subscribe("cabins/a");
  dot.subscribe("cabins/a");
  CHECK(count(log, "cabins/a: who comes is not seen") == 1);
  tell();
  CHECK(keys_of(ada.expect_presence("cabins/a").joined)
        == strings{"u:1", "u:2"});
  cid.disconnect();
  tell();
  ada.expect_nothing();
}

// -- an engine that answers later ---------------------------------------------

namespace {

struct slow_fixture : fixture {
  slow_fixture() {
    app.know_presence_in(slow);
  }

  void settle() {
    for (app.run(); slow.waiting() > 0; app.run())
      slow.answer_all();
  }

  /// Whether only the app's record hears of it.
  bool is_left(std::string what) {
    return app.bus().subscribers(topic{std::move(what)}).size() == 1;
  }

  /// The client has had its list.
  testing::fake_client watching(const std::string& id) {
    auto result = enter(id);
    auto ref = result.send("app::websocket:subscribe",
                           question{"bars/a", true});
    settle();
    result.expect_reply<raw_json>(ref);
    tell();
    result.heard();
    return result;
  }

  void come(const std::string& id) {
    memory.set("bars/a", {"x" + id, "u:" + id}, {}, 100'000);
  }

  memory_presence memory{app.bus()};
  test::slow_presence slow{memory};
};

std::string joined(const std::string& key) {
  return R"({"topic":"presence","payload":{"topic":"bars/a","joined":[{"key":")"
         + key + R"(","state":{}}],"left":[]}})";
}

} // namespace

TEST_CASE_METHOD(slow_fixture, "what changes waits for a list on its way") {
  auto ada = enter("1");
  ada.send("app::websocket:subscribe", question{"bars/a", true});
  slow.answer(); // seen
  slow.answer(); // listed, but not told of it
  come("7");
  tell();
  ada.expect_nothing();
  slow.answer();
  app.run();
  CHECK(
    ada.heard()
    == strings{
      R"({"topic":"app::websocket:subscribe","payload":{"topic":"bars/a",)"
      R"("presence":[{"key":"u:1","state":{}}]},"ackId":1})",
      R"({"topic":"presence","payload":{"topic":"bars/a","joined":)"
      R"([{"key":"u:1","state":{}},{"key":"u:7","state":{}}],"left":[]}})"});
  come("8");
  tell();
  CHECK(ada.heard() == strings{joined("u:8")});
}

TEST_CASE_METHOD(slow_fixture, "a list that is old when it comes is not late") {
  auto ada = watching("1");
  ada.send("app::websocket:subscribe", question{"bars/a", true});
  slow.answer();
  come("7");
  tell();
  ada.expect_nothing();
  SECTION("it is told first") {
    slow.answer();
    app.run();
    auto heard = ada.heard();
    REQUIRE(heard.size() == 2);
    CHECK(heard[0].find("u:7") == std::string::npos);
    CHECK(heard[1] == joined("u:7"));
  }
  SECTION("of two the later one counts") {
    ada.send("app::websocket:subscribe", question{"bars/a", true});
    slow.answer(); // the first one's
    app.run();
    REQUIRE(ada.heard().size() == 1);
    come("8");
    tell();
    ada.expect_nothing();
    settle();
    auto heard = ada.heard();
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].find("u:8") != std::string::npos);
    come("9");
    tell();
    CHECK(ada.heard() == strings{joined("u:9")});
  }
}

TEST_CASE_METHOD(slow_fixture, "changes that wait for a list are bounded") {
  auto ada = enter("1");
  auto ref = ada.send("app::websocket:subscribe", question{"bars/a", true});
  slow.answer();
  slow.answer();
  for (int i = 0; i <= 64; ++i) {
    come(std::to_string(100 + i));
    tell();
  }
  slow.answer();
  CHECK(ada.expect_error(ref, 503).code == "unavailable");
  settle();
  tell();
  ada.expect_nothing();
  CHECK(is_left("presence/bars/a"));
  CHECK(is_left("bars/a"));
}

TEST_CASE_METHOD(slow_fixture, "lists may come in another order") {
  auto ada = watching("1");
  ada.send("app::websocket:subscribe", question{"bars/a", true});
  slow.answer();
  come("7");
  tell();
  ada.send("app::websocket:subscribe", question{"bars/a", true});
  slow.answer(1); // it finds more than the first
  slow.answer(1); // and says so before it
  app.run();
  REQUIRE(ada.heard().size() == 1);
  come("8");
  tell();
  ada.expect_nothing();
  slow.answer();
  app.run();
  auto heard = ada.heard();
  REQUIRE(heard.size() == 3);
  CHECK_FALSE(test::contains(heard[0], "u:7"));
  CHECK(heard[1] == joined("u:7"));
  CHECK(heard[2] == joined("u:8"));
}

TEST_CASE_METHOD(slow_fixture, "who cannot be told any more has to come back") {
  auto ada = watching("1");
  ada.send("app::websocket:subscribe", question{"bars/a", true});
  auto many = [this] {
    for (int i = 0; i <= 64; ++i) {
      come(std::to_string(100 + i));
      tell();
    }
  };
  SECTION("it would miss what came behind the list") {
    slow.answer();
    many();
    slow.answer();
    ada.expect_close(close_code::internal_error);
  }
  SECTION("it misses nothing that is in the list") {
    many();
    slow.answer();
    slow.answer();
    app.run();
    come("7");
    tell();
    auto heard = ada.heard();
    REQUIRE(heard.size() == 2);
    CHECK(test::contains(heard[0], R"("u:164")"));
    CHECK(heard[1] == joined("u:7"));
  }
}

TEST_CASE_METHOD(slow_fixture, "a list is for the one that has asked for it") {
  app.on_open([](context&, client& who) { who.subscribe("bars/a"); });
  auto ada = enter("1");
  settle();
  auto ask = [&ada] {
    return ada.send("app::websocket:subscribe", question{"bars/a", true});
  };
  SECTION("nobody wants it any more") {
    auto ref = ask();
    slow.answer();
    ada.unsubscribe("bars/a");
    slow.answer();
    CHECK(ada.expect_error(ref, 499).code == "cancelled");
  }
  SECTION("another one is wanted, and does not come") {
    auto was_subscribed = GENERATE(false, true);
    CAPTURE(was_subscribed);
    if (was_subscribed)
      ada.subscribe("bars/a");
    auto first = ask();
    slow.answer();
    ada.unsubscribe("bars/a");
    auto then = ask();
    slow.answer();
    CHECK(ada.expect_error(first, 499).code == "cancelled");
    slow.fail();
    CHECK(ada.expect_error(then, 503).code == "unavailable");
  }
  come("7");
  tell();
  ada.expect_nothing();
  CHECK(is_left("presence/bars/a"));
}

TEST_CASE_METHOD(slow_fixture, "without a list there is no subscription") {
  SECTION("a new one") {
    auto ada = enter("1");
    auto ref = ada.send("app::websocket:subscribe", question{"bars/a", true});
    slow.answer();
    slow.fail();
    CHECK(ada.expect_error(ref, 503).code == "unavailable");
    settle();
    tell();
    CHECK(is_left("bars/a"));
    CHECK(is_left("presence/bars/a"));
    ada.expect_nothing();
  }
  SECTION("one that is there stays, and so does what it knows") {
    auto ada = watching("1");
    auto ref = ada.send("app::websocket:subscribe", question{"bars/a", true});
    come("7");
    tell();
    ada.expect_nothing();
    slow.fail();
    CHECK(ada.expect_error(ref, 503).code == "unavailable");
    CHECK(ada.heard() == strings{joined("u:7")});
  }
}

TEST_CASE_METHOD(slow_fixture, "who does not wait for the list is not there") {
  auto ada = enter("1");
  auto ref = ada.send("app::websocket:subscribe", question{"bars/a", true});
  slow.answer();
  SECTION("unsubscribed") {
    ada.call<void>("app::websocket:unsubscribe", question{"bars/a"});
    settle();
    CHECK(ada.expect_error(ref, 499).code == "cancelled");
  }
  SECTION("cancelled") {
    ada.send("app::websocket:cancel",
             std::map<std::string, int>{{"ackId", ref}});
    settle();
  }
  SECTION("gone") {
    ada.disconnect();
    settle();
  }
  tell();
  memory.list("bars/a", [](caf::expected<presence_list> what) {
    CHECK(what->entries.empty());
  });
  CHECK(is_left("bars/a"));
  CHECK(is_left("presence/bars/a"));
}

TEST_CASE_METHOD(slow_fixture, "who has gone and finishes work is not there") {
  auto waits = [](context ctx) -> task<void> {
    co_return co_await sleep(ctx, 1s);
  };
  app.strategies().add("app::test:join", internal(), waits);
  app.strategies().add("app::test:work",
                       [](context ctx, client who) -> task<void> {
                         auto slept = co_await sleep(ctx, 1s);
                         if (slept)
                           who.subscribe("bars/a");
                         co_return co_await sleep(ctx, 1s);
                       });
  app.channel("rows/*", {},
              {.join = "app::test:join", .presence = presence_options{}});
  auto there = [this](const std::string& where) {
    settle();
    std::size_t result = 0;
    memory.list(where, [&result](caf::expected<presence_list> what) {
      result = what->entries.size();
    });
    return result;
  };
  auto ada = enter("1");
  ada.subscribe("bars/b");
  CHECK(there("bars/b") == 1);
  ada.say(R"({"topic":"app::test:work","payload":null})");
  SECTION("whom the program subscribes") {
    app.run();
    ada.disconnect();
    CHECK(there("bars/b") == 0);
    app.advance(1s);
    CHECK(there("bars/a") == 0);
  }
  SECTION("who has wished it") {
    ada.say(R"({"topic":"app::websocket:subscribe","payload":)"
            R"({"topic":"rows/a","presence":true}})");
    app.run();
    ada.disconnect();
    app.advance(1s);
    slow.answer_all();
    CHECK(slow.waiting() == 0);
    CHECK(app.bus().subscribers(topic{"rows/a"}).size() == 1);
    CHECK(there("rows/a") == 0);
  }
}

TEST_CASE_METHOD(slow_fixture, "who fails takes nothing from who succeeded") {
  auto ada = enter("1");
  auto ref = ada.send("app::websocket:subscribe", question{"bars/a", true});
  slow.answer();
  // Without a list there is nothing to wait for.
  ada.subscribe("bars/a");
  SECTION("its list does not come") {
    slow.fail();
    CHECK(ada.expect_error(ref, 503).code == "unavailable");
  }
  SECTION("it is not waited for") {
    CHECK(ada.cancel(ref));
  }
  settle();
  CHECK_FALSE(is_left("bars/a"));
  CHECK(is_left("presence/bars/a"));
  ada.unsubscribe("bars/a");
  CHECK(is_left("bars/a"));
}

TEST_CASE_METHOD(slow_fixture,
                 "a list that is not wanted any more is not told") {
  auto ada = enter("1");
  auto ref = ada.send("app::websocket:subscribe", question{"bars/a", true});
  slow.answer();
  ada.unsubscribe("bars/a");
  ada.subscribe("bars/a");
  settle();
  CHECK(ada.expect_error(ref, 499).code == "cancelled");
  CHECK_FALSE(is_left("bars/a"));
  CHECK(is_left("presence/bars/a"));
}

TEST_CASE_METHOD(slow_fixture, "who loses the right gets no list any more") {
  app.channel("cells/*", open_to_guests(),
              {.check = [](const claims& who, const topic&) -> caf::error {
                 if (who.user)
                   return make_error(errc::forbidden);
                 return {};
               },
               .presence = presence_options{}});
  app.strategies().add("app::test:become", open_to_guests(), [](client& who) {
    return who.set_user(user{.id = "7"});
  });
  auto ada = app.connect();
  auto ref = ada.send("app::websocket:presence", question{"cells/a"});
  slow.answer();
  ada.call("app::test:become");
  settle();
  CHECK(ada.expect_error(ref, 403).code == "forbidden");
}

// -- others who hear of it ----------------------------------------------------

TEST_CASE_METHOD(fixture,
                 "the program and an observer of all hear of it once") {
  app.on_open([](context& ctx, client& who) {
    if (ctx.claims().connection_id == "c1")
      who.subscribe("*");
  });
  auto ada = enter("1");
  ada.watch("bars/a");
  tell();
  auto change = app.events().expect<presence_change>("presence/bars/a");
  CHECK(change.channel == "bars/a");
  CHECK(keys_of(change.joined) == strings{"u:1"});
  ada.expect_presence("bars/a");
  ada.expect_nothing();
}

TEST_CASE_METHOD(fixture, "a domain hears who comes and goes") {
  strings heard;
  app.host([&heard](domain_actor<>* self) -> domain_behavior {
    self->subscribe(presence_change::all);
    return {listen([&heard](const presence_change& what) {
      for (auto& x : what.joined)
        heard.push_back("+" + x.key + " " + what.channel);
      for (auto& x : what.left)
        heard.push_back("-" + x + " " + what.channel);
    })};
  });
  auto ada = enter("1");
  ada.subscribe("bars/a");
  tell();
  ada.disconnect();
  tell();
  CHECK(heard == strings{"+u:1 bars/a", "-u:1 bars/a"});
}

TEST_CASE_METHOD(fixture, "what the program says there is not for watchers") {
  app.strategies().add("app::test:out",
                       [](client& who) { who.unsubscribe("rooms/b"); });
  auto ada = enter("1");
  ada.watch("bars/a");
  tell();
  ada.heard();
  auto say = [this] {
    CHECK_FALSE(app.bus().publish(rumour{"presence/bars/a"}));
    app.run();
  };
  say();
  ada.expect_nothing();
  // Nor where it stands in line.
  ada.call("app::test:out");
  say();
  ada.expect_nothing();
}
