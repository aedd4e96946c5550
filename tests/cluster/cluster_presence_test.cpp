// Who is in which channel of several nodes: the contract of presence, and what
// nodes that die, split and come back leave behind.

#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include <catch2/catch_test_macros.hpp>

#include "cluster/mischief.hpp"
#include "cluster/node_world.hpp"
#include "presence/engine_contract.hpp"
#include "support/quiet_log.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::node_world;

namespace {

/// Keys and what they show.
using people = std::map<std::string, std::string>;

people in(presence_engine& engine, const std::string& channel) {
  people result;
  engine.list(channel, [&](caf::expected<presence_list> all) {
    REQUIRE(all);
    for (auto& x : all->entries)
      CHECK(result.emplace(x.key, x.state.text).second);
  });
  return result;
}

struct pair : node_world {
  pair() {
    settle();
    pass(500ms);
  }

  void set(node& on, std::string connection, std::string key,
           std::string state) {
    on.people.set("a",
                  {std::move(connection), std::move(key), std::move(state)}, {},
                  100'000);
  }

  test::quiet_log quiet;
  node& here = add("here");
  node& there = add("there");
};

} // namespace

TEST_CASE_METHOD(pair, "an engine of presence that nodes share does") {
  // One that publishes where the contract listens.
  detail::cluster_presence mine{presence, [this] { here.woken = true; },
                                [this] { return ++stamp; }};
  presence_contract engine{*this, mine, [] {}, [this] { advance(100ms); }};
  engine.ask();
}

TEST_CASE_METHOD(pair, "members of a node that dies are gone in time") {
  presence_contract engine{*this, here.people, [this] { settle(); },
                           [this] { advance(100ms); }};
  set(there, "d1", "u:1", "2");
  set(here, "c1", "u:1", "1");
  set(there, "d2", "u:2", "3");
  settle();
  CHECK(in(here.people, "a") == people{{"u:1", "1"}, {"u:2", "3"}});
  CHECK(in(there.people, "a") == people{{"u:1", "1"}, {"u:2", "3"}});
  network.split({"there"});
  pass(gone_after - 2 * heartbeat);
  CHECK(in(here.people, "a").size() == 2);
  pass(3 * heartbeat);
  CHECK(in(here.people, "a") == people{{"u:1", "1"}});
  SECTION("and back when they meet again") {
    set(there, "d3", "u:3", "{}");
    network.heal();
    pass(2 * heartbeat);
    auto all = people{{"u:1", "1"}, {"u:2", "3"}, {"u:3", "{}"}};
    CHECK(in(here.people, "a") == all);
    CHECK(in(there.people, "a") == all);
  }
}

TEST_CASE_METHOD(pair, "a node that ends takes its members with it at once") {
  set(there, "d1", "u:1", "1");
  set(here, "c2", "u:2", "2");
  settle();
  CHECK(in(here.people, "a").size() == 2);
  stop(there);
  settle();
  CHECK(in(here.people, "a") == people{{"u:2", "2"}});
  // It is alone, and knows its own.
  CHECK(in(there.people, "a") == people{{"u:1", "1"}});
  there.people.remove("a", "u:1", "d1");
  CHECK(in(there.people, "a").empty());
}

TEST_CASE_METHOD(pair,
                 "of two connections of a user all nodes show the newer") {
  set(here, "c1", "u:1", "1");
  set(there, "d1", "u:1", "2");
  // The word of the older one comes later.
  settle();
  CHECK(in(here.people, "a") == people{{"u:1", "2"}});
  CHECK(in(there.people, "a") == people{{"u:1", "2"}});
  there.people.remove("a", "u:1", "d1");
  settle();
  CHECK(in(here.people, "a") == people{{"u:1", "1"}});
  CHECK(in(there.people, "a") == people{{"u:1", "1"}});
}

TEST_CASE_METHOD(pair, "a node that comes later knows who is there") {
  for (auto i = 0; i < 2'000; ++i)
    set(here, "c" + std::to_string(i), "u:" + std::to_string(i), "{}");
  settle();
  auto& late = add("late");
  settle();
  pass(500ms);
  CHECK(in(late.people, "a").size() == 2'000);
  for (auto& x : late.relay->status().peers)
    CHECK(x.members == (x.id == "here" ? 2'000u : 0u));
}

TEST_CASE_METHOD(pair, "a connection that becomes a user is seen once") {
  set(here, "c1", "c:c1", "1");
  settle();
  here.people.set("a", {"c1", "u:1", "2"}, "c:c1", 100'000);
  settle();
  CHECK(in(there.people, "a") == people{{"u:1", "2"}});
}

TEST_CASE_METHOD(pair, "a member that is none does nothing") {
  auto frame = [&](std::string id) {
    there.home.turn([&] {
      there.relay->received(R"({"flamigo":1,"from":"here","stream":1,"seq":)"
                            + std::to_string(++stamp + 1'000)
                            + R"(,"members":{"version":9,"added":[{"id":")" + id
                            + R"(","state":{},"since":1,"max_bytes":1000}],)"
                              R"("removed":[],"begins":false,"ends":false}})");
    });
  };
  frame("");
  frame("c1");
  frame("c1*a");
  frame("c1*a*");
  frame("*a*u:1");
  frame("c1**u:1");
  CHECK(in(there.people, "a").empty());
  frame("c1*a*u:*1");
  CHECK(in(there.people, "a") == people{{"u:*1", "{}"}});
}

TEST_CASE(
  "whatever the network does, all nodes see the same people in the end") {
  test::quiet_log quiet;
  for (std::uint32_t seed = 1; seed <= test::seeds(); ++seed) {
    CAPTURE(seed);
    std::mt19937 random{seed};
    node_world world{seed};
    for (auto* name : {"a", "b", "c", "d"})
      world.add(name);
    world.settle();
    world.pass(500ms);
    // Who sits where: by connection and channel, the key and the state, and
    // when.
    using seat = std::tuple<std::uint64_t, std::string, std::string>;
    std::map<std::pair<std::string, std::string>, seat> seats;
    for (auto round = 0; round < 300; ++round) {
      auto& on = *world.nodes[random() % world.nodes.size()];
      auto who = on.name + std::to_string(random() % 6);
      auto channel = "rooms/" + std::to_string(random() % 3);
      auto& now = seats[{who, channel}];
      auto& [since, key, state] = now;
      switch (random() % 8) {
        case 0:
          test::mischief(world, random);
          break;
        case 1:
          world.pass(std::chrono::milliseconds{250 * (random() % 30)});
          break;
        case 2:
        case 3:
          if (!key.empty())
            on.people.remove(channel, std::exchange(key, {}), who);
          break;
        default: {
          auto as = "u:" + std::to_string(random() % 8);
          state = std::to_string(random() % 100);
          on.people.set(channel, {who, as, state}, key == as ? "" : key,
                        100'000);
          key = as;
          since = world.stamp;
        }
      }
      if (random() % 3 == 0)
        world.settle();
    }
    test::calm(world);
    for (auto* channel : {"rooms/0", "rooms/1", "rooms/2"}) {
      std::map<std::string, std::pair<std::uint64_t, std::string>> newest;
      for (auto& [where, what] : seats)
        if (auto& [since, key, state] = what;
            where.second == channel && !key.empty())
          newest[key] = std::max(newest[key], {since, state});
      people expected;
      for (auto& [key, what] : newest)
        expected[key] = what.second;
      for (auto& node : world.nodes) {
        CAPTURE(node->name, channel);
        CHECK(in(node->people, channel) == expected);
      }
    }
  }
}
