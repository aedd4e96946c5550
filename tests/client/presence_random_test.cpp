// Clients that come, go, look, change who they are and are killed: at each
// moment of quiet, what each knows of the others is what the server knows.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include "flamigo/presence/memory_presence.hpp"
#include "flamigo/testing.hpp"
#include "presence/slow_presence.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

constexpr auto room = "rooms/a";

struct wish {
  std::string topic;
  std::optional<bool> presence = {};
};

BOOST_DESCRIBE_STRUCT(wish, (), (topic, presence))

struct gone {
  std::string key;
};

BOOST_DESCRIBE_STRUCT(gone, (), (key))

struct answer {
  std::optional<std::vector<presence_entry>> presence;
};

BOOST_DESCRIBE_STRUCT(answer, (), (presence))

struct change {
  std::string topic;
  std::vector<presence_entry> joined;
  std::vector<gone> left;
};

BOOST_DESCRIBE_STRUCT(change, (), (topic, joined, left))

struct message {
  std::string topic;
  raw_json payload;
  std::optional<raw_json> ackId;
};

BOOST_DESCRIBE_STRUCT(message, (), (topic, payload, ackId))

using people = std::map<std::string, std::string>;

people people_of(const std::vector<presence_entry>& what) {
  people result;
  for (auto& x : what)
    CHECK(result.emplace(x.key, x.state.text).second);
  return result;
}

/// A page, with what it knows.
struct page {
  /// As docs/protocol.md says.
  void read() {
    for (auto& text : who->heard()) {
      auto what = from_json<message>(text);
      REQUIRE(what);
      if (what->topic == "app::websocket:auth")
        key = "u:" + asked_to_be;
      else if (what->topic == "app::websocket:subscribe")
        take(from_json<answer>(what->payload.text));
      else if (what->topic == "presence")
        take(from_json<change>(what->payload.text));
    }
  }

  void take(const caf::expected<answer>& what) {
    REQUIRE(what);
    if (what->presence)
      knows = people_of(*what->presence);
  }

  void take(const caf::expected<change>& what) {
    REQUIRE(what);
    for (auto& x : what->left)
      knows.erase(x.key);
    for (auto& x : what->joined)
      knows[x.key] = x.state.text;
  }

  std::optional<testing::fake_client> who;
  std::string key;
  std::string asked_to_be;
  people knows;
};

struct world {
  world(std::uint32_t seed, bool is_slow) : random{seed} {
    if (is_slow)
      app.know_presence_in(slow);
    else
      app.know_presence_in(memory);
    app.authenticate();
    app.channel("rooms/*", open_to_guests(),
                {.presence = presence_of([](const claims& who) {
                   return who.user ? who.user->name : std::string{"guest"};
                 })});
    for (int i = 0; i < 3; ++i)
      add_user(i);
  }

  void add_user(int which) {
    app.add_user(user{.id = std::to_string(which),
                      .name = "N" + std::to_string(random() % 3)});
  }

  void settle() {
    for (app.run(); slow.waiting() > 0; app.run())
      slow.answer_all();
  }

  void act(page& x) {
    if (!x.who) {
      x.who.emplace(app.connect());
      x.key = "c:c" + std::to_string(++connected);
      x.asked_to_be.clear();
      return;
    }
    x.read();
    switch (random() % 12) {
      case 0:
      case 1:
      case 2:
        x.who->send("app::websocket:subscribe", wish{room});
        break;
      case 3:
      case 4:
        x.who->send("app::websocket:subscribe", wish{room, true});
        break;
      case 5:
        x.who->send("app::websocket:unsubscribe", wish{room});
        break;
      case 6:
        // Of another user it is refused.
        if (x.asked_to_be.empty())
          x.asked_to_be = std::to_string(random() % 3);
        add_user(std::stoi(x.asked_to_be));
        x.who->send("app::websocket:auth", std::map<std::string, std::string>{
                                             {"token", x.asked_to_be}});
        break;
      case 7:
        x.who->disconnect();
        x.who.reset();
        break;
      case 8:
        caf::anon_send_exit(x.who->handle(), caf::exit_reason::kill);
        app.run();
        x.who.reset();
        break;
      case 9:
        if (slow.waiting() > 0)
          slow.answer();
        break;
      default:
        app.advance(std::chrono::milliseconds{random() % 60});
    }
  }

  bool listens(page& x, const std::string& where) {
    auto all = app.bus().subscribers(topic{where});
    return std::any_of(all.begin(), all.end(), [&x](auto& y) {
      return caf::actor_cast<caf::actor>(y) == x.who->handle();
    });
  }

  /// Returns how many know the others.
  std::size_t check() {
    // Nobody waits, and all is told.
    for (int i = 0; i < 3; ++i) {
      settle();
      app.advance(100ms);
    }
    people there;
    memory.list(room, [&there](caf::expected<presence_list> what) {
      there = people_of(what->entries);
    });
    std::set<std::string> keys;
    std::size_t result = 0;
    for (auto& x : pages) {
      if (!x.who)
        continue;
      x.read();
      if (!listens(x, room))
        continue;
      keys.insert(x.key);
      if (!listens(x, std::string{"presence/"} + room))
        continue;
      CHECK(x.knows == there);
      ++result;
    }
    CHECK(keys.size() == there.size());
    for (auto& key : keys)
      CHECK(there.count(key) == 1);
    return result;
  }

  std::mt19937 random;
  testing::app app;
  memory_presence memory{app.bus()};
  test::slow_presence slow{memory};
  std::array<page, 6> pages;
  int connected = 0;
};

void run(bool is_slow) {
  std::size_t checked = 0;
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    world where{seed, is_slow};
    for (int round = 0; round < 300; ++round) {
      where.act(where.pages[where.random() % where.pages.size()]);
      if (round % 25 == 24)
        checked += where.check();
    }
  }
  CHECK(checked > 200);
}

} // namespace

TEST_CASE("what each client knows of the others is what there is") {
  run(false);
}

TEST_CASE("so it is when the engine answers later") {
  run(true);
}
