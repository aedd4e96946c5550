// Nodes that come and go, split and heal over a network that loses, doubles and
// reorders, against what must be: nothing twice, nothing out of order, nothing
// missing without a gap, and all wishes known in the end.

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "cluster/mischief.hpp"
#include "cluster/node_world.hpp"
#include "support/quiet_log.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::news;
using test::node_world;

namespace {

constexpr std::size_t node_count = 4;

struct story {
  explicit story(std::uint32_t seed) : random(seed), world(seed) {
    for (std::size_t i = 0; i < node_count; ++i) {
      auto& made = world.add(std::string(1, static_cast<char>('a' + i)));
      listeners.push_back(world.listen(made, "nothing"));
    }
    world.settle();
    world.pass(500ms);
  }

  node_world::node& any() {
    return *world.nodes[random() % node_count];
  }

  std::string topic_of(std::uint64_t number) {
    return "rooms/" + std::to_string(number);
  }

  void toggle_wish() {
    auto i = random() % node_count;
    auto what = topic_of(random() % 5);
    auto who = caf::actor_cast<caf::strong_actor_ptr>(listeners[i].handle);
    auto& bus = world.nodes[i]->events;
    if (wishes[i].insert(what).second) {
      bus.subscribe(who, topic_pattern{what});
    } else {
      wishes[i].erase(what);
      bus.unsubscribe(who.get(), topic_pattern{what});
    }
  }

  /// Numbers say which node, which topic, and the how manieth.
  void publish() {
    auto i = random() % node_count;
    auto where = random() % 5;
    auto number = ++counts[{i, where}];
    node_world::publish(*world.nodes[i], topic_of(where),
                        i * 1'000'000 + where * 100'000 + number);
  }

  /// Of each publisher and topic, in order and once.
  void check_order() {
    for (auto& who : listeners) {
      std::map<std::uint64_t, std::uint64_t> last;
      for (auto x : who.numbers()) {
        auto& before = last[x / 100'000];
        CHECK(x % 100'000 > before);
        before = x % 100'000;
      }
    }
  }

  /// Once all is well, who wants something gets it, and nobody else is sent it.
  void check_wishes() {
    for (auto& who : listeners)
      who.heard->clear();
    for (auto& x : world.nodes)
      x->gaps.clear();
    for (std::uint64_t where = 0; where < 5; ++where)
      for (std::size_t i = 0; i < node_count; ++i)
        node_world::publish(*world.nodes[i], topic_of(where),
                            i * 1'000'000 + where * 100'000 + 99'999);
    world.settle();
    for (std::size_t i = 0; i < node_count; ++i) {
      std::set<std::uint64_t> expected;
      for (std::uint64_t where = 0; where < 5; ++where)
        if (wishes[i].contains(topic_of(where)))
          for (std::size_t from = 0; from < node_count; ++from)
            expected.insert(from * 1'000'000 + where * 100'000 + 99'999);
      auto heard = listeners[i].numbers();
      CHECK(std::set<std::uint64_t>(heard.begin(), heard.end()) == expected);
      CHECK(heard.size() == expected.size());
      CHECK(world.nodes[i]->gaps.empty());
      auto status = world.nodes[i]->relay->status();
      CHECK(status.peers.size() == node_count - 1);
      for (auto& peer : status.peers)
        // And `nothing`.
        CHECK(peer.wishes == wishes[node_of(peer.id)].size() + 1);
    }
  }

  void run() {
    for (auto round = 0; round < 300; ++round) {
      switch (random() % 8) {
        case 0:
        case 1:
          toggle_wish();
          break;
        case 2:
          test::mischief(world, random);
          break;
        case 3:
          world.pass(std::chrono::milliseconds{250 * (random() % 30)});
          break;
        default:
          publish();
      }
      if (random() % 3 == 0)
        world.settle();
    }
    test::calm(world);
    check_order();
    check_wishes();
  }

  static std::size_t node_of(const std::string& id) {
    return static_cast<std::size_t>(id[0] - 'a');
  }

  std::mt19937 random;
  node_world world;
  std::vector<test::listener> listeners;
  std::map<std::size_t, std::set<std::string>> wishes;
  std::map<std::pair<std::size_t, std::uint64_t>, std::uint64_t> counts;
};

/// A frame with a further member in each of its objects.
std::string more_in_each(std::string frame) {
  constexpr std::string_view more = R"("mood":[{"calm":4.5}],)";
  for (std::size_t i = 0; (i = frame.find("{\"", i)) != frame.npos;
       i += more.size() + 1)
    frame.insert(i + 1, more);
  return frame;
}

} // namespace

TEST_CASE("whatever the network does, order holds and wishes are found") {
  test::quiet_log quiet;
  for (std::uint32_t seed = 1; seed <= test::seeds(); ++seed) {
    CAPTURE(seed);
    story{seed}.run();
  }
}

TEST_CASE("what the next version says more is ignored") {
  test::quiet_log quiet;
  for (std::uint32_t seed = 1; seed <= test::seeds(); ++seed) {
    CAPTURE(seed);
    story uut{seed};
    for (std::size_t i = 0; i < node_count; i += 2)
      uut.world.nodes[i]->transport.says = more_in_each;
    uut.run();
  }
}

TEST_CASE("what is lost is in the gaps, to the last frame") {
  test::quiet_log quiet;
  for (std::uint32_t seed = 1; seed <= test::seeds(); ++seed) {
    CAPTURE(seed);
    story uut{seed};
    // Nobody is away long enough to be given up.
    auto& a = *uut.world.nodes[0];
    auto& b = *uut.world.nodes[1];
    uut.wishes[1].insert("rooms/0");
    b.events.subscribe(
      caf::actor_cast<caf::strong_actor_ptr>(uut.listeners[1].handle),
      topic_pattern{"rooms/0"});
    uut.world.settle();
    uut.world.network.lost = 10;
    uut.world.network.overtaking = 5;
    for (std::uint64_t i = 1; i <= 500; ++i) {
      node_world::publish(a, "rooms/0", i);
      if (uut.random() % 10 == 0)
        uut.world.settle();
    }
    uut.world.settle();
    uut.world.network.lost = uut.world.network.overtaking = 0;
    uut.world.pass(3 * node_world::heartbeat);
    std::uint64_t missing = 0;
    for (auto& [whose, count] : b.gaps)
      if (whose == "node a") {
        REQUIRE(count);
        missing += *count;
      }
    // Events are not all there is in the stream.
    CHECK(uut.listeners[1].heard->size() + missing >= 500);
    CHECK(missing > 0);
  }
}
