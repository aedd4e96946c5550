// Who is in a channel of the chat, and for how long: every channel under every
// kind of actor, and what becomes of that when one is somebody else.
#include "entry.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "chat_app.hpp"
#include "events.hpp"

using namespace std::chrono_literals;
using flamigo::testing::fake_client;

namespace {

using strings = std::vector<std::string>;

struct wish {
  std::string topic;
};

BOOST_DESCRIBE_STRUCT(wish, (), (topic))

struct lost {
  std::string topic;
  std::string code;
};

BOOST_DESCRIBE_STRUCT(lost, (), (topic, code))

struct others {
  std::vector<flamigo::presence_entry> presence;
};

BOOST_DESCRIBE_STRUCT(others, (), (presence))

flamigo::user bob(strings permissions = {}) {
  return {.id = "2", .name = "Bob", .permissions = std::move(permissions)};
}

flamigo::user moderator() {
  return bob({"chat:moderate"});
}

/// Subscribes, which is answered with this status.
void check(fake_client client, const std::string& topic, int status) {
  auto ref = client.send("app::websocket:subscribe", wish{topic});
  if (status == 200)
    CHECK_NOTHROW(client.expect_reply(ref));
  else
    CHECK_NOTHROW(client.expect_error(ref, status));
}

struct row {
  /// Of the declaration, and one of its topics.
  std::string channel;
  std::string topic;
  int guest;
  int user;
  int moderator;
};

// clang-format off
const std::vector<row> rows{
  //                               guest user mod.
  {"rooms/*", "rooms/a",            401, 200, 200},
  {"rooms/*", "rooms/staff",        401, 403, 200},
  {"rooms/*", "rooms/no room",      401, 400, 400},
  {"",        "rooms",              404, 404, 404},
  {"",        "rooms/a/typing",     404, 404, 404},
  {"",        "users/2",            404, 404, 404},
};
// clang-format on

/// Somebody in each room who then is somebody else, or nobody.
struct change {
  std::string what;
  std::function<void(chat::app&, fake_client&)> make;
  /// The channels that are taken from a moderator.
  strings taken;
  /// How the connection ends; 0 if it does not.
  int close;
};

const std::vector<change> changes{
  {"the permission is kept",
   [](chat::app& app, fake_client& who) {
     app.add_user(moderator());
     who.call("app::websocket:auth", flamigo::raw_json{R"({"token":"2"})"});
   },
   {},
   0},
  {"the permission is lost",
   [](chat::app& app, fake_client& who) {
     app.add_user(bob());
     who.call("app::websocket:auth", flamigo::raw_json{R"({"token":"2"})"});
   },
   {"rooms/staff"},
   0},
  {"the user signs out",
   [](chat::app&, fake_client& who) { who.call("app::test:sign_out"); },
   {"rooms/a", "rooms/staff"},
   0},
  {"the proof expires",
   [](chat::app& app, fake_client&) { app.advance(2min); },
   {},
   3005},
  {"the user is kicked",
   [](chat::app& app, fake_client&) {
     app.connections().kick_user("2");
     app.run();
   },
   {},
   3503},
  {"the connection is kicked",
   [](chat::app& app, fake_client&) {
     app.connections().kick_connection("c2");
     app.run();
   },
   {},
   3503},
};

/// Whether Bob is seen in a channel.
bool is_in(fake_client& watcher, const std::string& topic) {
  auto there = watcher.call<others>("app::websocket:presence", wish{topic});
  return std::any_of(there.presence.begin(), there.presence.end(),
                     [](auto& x) { return x.key == "u:2"; });
}

/// Whether what is published in this room comes to this client.
bool hears(chat::app& app, fake_client& client, const std::string& room) {
  client.heard();
  CHECK_FALSE(app.bus().publish(chat::posted{room, 1, "Ada", "hi", 0}));
  app.run();
  return !client.heard().empty();
}

} // namespace

TEST_CASE("the table has every channel of the chat") {
  chat::app app;
  strings declared;
  for (auto& door : app.doors())
    if (door.kind == "channel")
      declared.push_back(door.name);
  strings listed;
  for (auto& what : rows)
    if (!what.channel.empty()
        && (listed.empty() || listed.back() != what.channel))
      listed.push_back(what.channel);
  CHECK(declared == listed);
}

TEST_CASE("every channel lets those in whom it is for, and no others") {
  for (auto& what : rows) {
    CAPTURE(what.topic);
    chat::app app;
    check(app.connect(), what.topic, what.guest);
    check(app.connect(bob()), what.topic, what.user);
    check(app.connect(moderator()), what.topic, what.moderator);
  }
}

TEST_CASE("whoever loses the right to a channel hears nothing more of it") {
  for (auto& what : changes) {
    CAPTURE(what.what);
    chat::app app;
    app.strategies().add("app::test:sign_out",
                         [](flamigo::client& who) { return who.set_user({}); });
    auto watcher = app.log_in_moderator();
    auto who = moderator();
    who.expiry = app.now() + 1min;
    auto client = app.connect(who);
    client.subscribe("rooms/a");
    client.subscribe("rooms/staff");
    REQUIRE(hears(app, client, "a"));
    REQUIRE(hears(app, client, "staff"));
    what.make(app, client);
    for (auto& topic : what.taken) {
      auto told = client.expect_push<lost>("unsubscribed");
      CHECK(told.topic == topic);
      CHECK(told.code == "forbidden");
    }
    CHECK((client.closed() ? client.closed()->code : 0) == what.close);
    client.expect_nothing();
    for (std::string room : {"a", "staff"}) {
      CAPTURE(room);
      auto topic = "rooms/" + room;
      auto stays = what.close == 0
                   && std::count(what.taken.begin(), what.taken.end(), topic)
                        == 0;
      CHECK(hears(app, client, room) == stays);
      CHECK(is_in(watcher, topic) == stays);
    }
  }
}

TEST_CASE("a full room lets in who is there already, and nobody else") {
  chat::app app;
  std::vector<fake_client> all;
  for (std::size_t i = 0; i < chat::max_people; ++i) {
    all.push_back(app.log_in("user " + std::to_string(i)));
    all.back().subscribe("rooms/a");
  }
  check(app.log_in("user 0"), "rooms/a", 200);
  auto late = app.log_in("late");
  auto why = late.expect_error(
    late.send("app::websocket:subscribe", wish{"rooms/a"}), 409);
  CHECK(why.code == "room_full");
  late.subscribe("rooms/b");
  all.back().unsubscribe("rooms/a");
  late.subscribe("rooms/a");
}

TEST_CASE("the name of a room that is none is refused with its field") {
  chat::app app;
  auto ada = app.log_in("Ada");
  for (auto room : {"a b", "a%2Fb", "%", "\u00e9"}) {
    auto ref = ada.send("app::websocket:subscribe",
                        wish{std::string{"rooms/"} + room});
    auto why = ada.expect_error(ref, 400);
    REQUIRE(why.fieldErrors);
    CHECK(why.fieldErrors->front().field == "room");
  }
}
