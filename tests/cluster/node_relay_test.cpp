#include "flamigo/cluster/detail/node_relay.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "cluster/node_world.hpp"
#include "support/log_capture.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::news;
using test::node_world;
using numbers = std::vector<std::uint64_t>;
using gaps = std::vector<std::pair<std::string, std::optional<std::uint64_t>>>;

namespace {

struct pair : node_world {
  pair() {
    settle();
    pass(500ms);
  }

  node& a = add("a");
  node& b = add("b");
};

const cluster_peer& peer_of(const node_world::node& x, std::size_t i = 0) {
  static cluster_peer result;
  result = x.relay->status().peers.at(i);
  return result;
}

} // namespace

TEST_CASE("what is published on one node is heard on the other") {
  pair f;
  auto here = f.listen(f.a, "rooms/*");
  auto there = f.listen(f.b, "rooms/*");
  f.settle();
  f.publish(f.a, "rooms/1", 1);
  f.settle();
  f.publish(f.b, "rooms/2", 2);
  f.settle();
  CHECK(here.numbers() == numbers{1, 2});
  CHECK(there.numbers() == numbers{1, 2});
  REQUIRE(there.heard->size() == 2);
  auto& what = *there.heard->front();
  // As the other node has said it, and no further.
  CHECK(what.topics() == std::vector{topic{"rooms/1"}});
  CHECK(what.client_frame()
        == R"({"topic":"news","payload":{"where":"rooms/1","number":1}})");
  CHECK(what.cause().claims->type == claims_type::backend);
  CHECK(what.kind().stays);
}

TEST_CASE("nobody is sent what he does not want") {
  pair f;
  auto there = f.listen(f.b, "rooms/1");
  f.settle();
  f.pass(250ms);
  auto before = peer_of(f.a).sent;
  f.publish(f.a, "rooms/2", 1);
  f.publish(f.a, "users/1", 2);
  f.settle();
  f.pass(250ms);
  CHECK(peer_of(f.a).sent == before);
  CHECK(there.heard->empty());
}

TEST_CASE("a wish that is taken back is not served any more") {
  pair f;
  auto there = f.listen(f.b, "rooms/1");
  f.settle();
  f.publish(f.a, "rooms/1", 1);
  f.settle();
  f.b.events.unsubscribe(
    caf::actor_cast<caf::strong_actor_ptr>(there.handle).get(),
    topic_pattern{"rooms/1"});
  f.settle();
  f.pass(250ms);
  CHECK(peer_of(f.a).wishes == 0);
  auto before = peer_of(f.a).sent;
  f.publish(f.a, "rooms/1", 2);
  f.settle();
  f.pass(250ms);
  CHECK(peer_of(f.a).sent == before);
  CHECK(there.numbers() == numbers{1});
}

TEST_CASE("who wants one topic only gets nothing from below it") {
  pair f;
  auto there = f.listen(f.b, "elsewhere");
  f.b.events.subscribe_exactly(
    caf::actor_cast<caf::strong_actor_ptr>(there.handle), topic{"rooms/1"});
  f.settle();
  f.publish(f.a, "rooms/1/below", 1);
  f.publish(f.a, "rooms/1", 2);
  f.settle();
  CHECK(there.numbers() == numbers{2});
}

TEST_CASE("a node that comes later knows at once what is wanted") {
  pair f;
  auto there = f.listen(f.a, "rooms/*");
  f.settle();
  auto& late = f.add("c");
  f.settle();
  f.publish(late, "rooms/1", 1);
  f.settle();
  CHECK(there.numbers() == numbers{1});
  CHECK(f.a.gaps.empty());
}

TEST_CASE("what was wanted before a node began is known") {
  pair f;
  test::listener early;
  f.before_start = [&](auto& made) { early = f.listen(made, "rooms/*"); };
  f.add("c");
  f.settle();
  f.publish(f.a, "rooms/1", 1);
  f.settle();
  CHECK(early.numbers() == numbers{1});
}

TEST_CASE("a thousand wishes come in several notes and are all known") {
  pair f;
  std::vector<test::listener> all;
  auto who = f.listen(f.a, "first");
  for (auto i = 0; i < 5'000; ++i)
    f.a.events.subscribe(
      caf::actor_cast<caf::strong_actor_ptr>(who.handle),
      topic_pattern{"some/rather/long/topic/name/" + std::to_string(i)});
  auto& late = f.add("c");
  f.settle();
  f.pass(250ms);
  CHECK(peer_of(late).wishes == 5'001);
  CHECK(peer_of(f.b).wishes == 5'001);
  f.publish(late, "some/rather/long/topic/name/4999", 1);
  f.settle();
  CHECK(who.numbers() == numbers{1});
}

TEST_CASE("a lost event is seen and said, never silent") {
  pair f;
  auto there = f.listen(f.b, "rooms/*");
  f.settle();
  f.publish(f.a, "rooms/1", 1);
  f.settle();
  f.a.transport.refuses = 2;
  f.publish(f.a, "rooms/1", 2);
  f.publish(f.a, "rooms/1", 3);
  f.publish(f.a, "rooms/1", 4);
  test::log_capture log;
  f.settle();
  CHECK(there.numbers() == numbers{1, 4});
  // Once for all that are missing until then.
  CHECK(f.b.gaps.empty());
  f.pass(250ms);
  REQUIRE(f.b.gaps.size() == 1);
  CHECK(f.b.gaps[0].first == "node a");
  CHECK(f.b.gaps[0].second == 2);
  CHECK(log.count("2 messages of node node a were lost") > 0);
  f.pass(250ms);
  CHECK(peer_of(f.a).dropped == 2);
  CHECK(peer_of(f.b).lost == 2);
  CHECK(f.b.relay->status().gaps == 1);
  // What was lost is not forgotten with who has lost it.
  f.stop(f.a);
  f.settle();
  f.pass(250ms);
  CHECK(f.b.relay->status().peers.empty());
  CHECK(f.b.relay->status().lost == 2);
}

TEST_CASE("the last event that is lost is seen by the heartbeats") {
  pair f;
  auto there = f.listen(f.b, "rooms/*");
  f.settle();
  f.a.transport.refuses = 1;
  f.publish(f.a, "rooms/1", 1);
  f.settle();
  CHECK(f.b.gaps.empty());
  test::log_capture log;
  f.pass(3 * node_world::heartbeat);
  REQUIRE(f.b.gaps.size() == 1);
  CHECK(f.b.gaps[0].second == 1);
}

TEST_CASE("a wish that was lost is said again") {
  pair f;
  f.a.transport.refuses = 1;
  auto there = f.listen(f.a, "rooms/*");
  test::log_capture log;
  f.settle();
  f.publish(f.b, "rooms/1", 1);
  f.settle();
  CHECK(there.heard->empty());
  f.pass(4 * node_world::heartbeat);
  f.publish(f.b, "rooms/1", 2);
  f.settle();
  CHECK(there.numbers() == numbers{2});
}

TEST_CASE("beyond the bound of what waits there is a gap") {
  pair f;
  auto there = f.listen(f.b, "rooms/*");
  f.settle();
  constexpr std::uint64_t more = 10;
  auto count = detail::home_unit::max_events + more;
  for (std::uint64_t i = 0; i < count; ++i)
    f.publish(f.a, "rooms/1", i);
  test::log_capture log;
  f.settle();
  f.publish(f.a, "rooms/1", count);
  f.settle();
  CHECK(there.heard->size() == count - more + 1);
  f.pass(250ms);
  REQUIRE(f.b.gaps.size() == 1);
  CHECK(f.b.gaps[0].second == more);
  CHECK(f.a.relay->status().dropped == more);
}

TEST_CASE("a node that is silent is gone, and back when it is heard again") {
  pair f;
  auto there = f.listen(f.b, "rooms/*");
  f.settle();
  f.network.split({"a"});
  test::log_capture log;
  f.pass(node_world::gone_after + 1s);
  CHECK(f.a.relay->status().peers.empty());
  CHECK(f.b.relay->status().peers.empty());
  f.publish(f.a, "rooms/1", 1);
  f.settle();
  CHECK(f.b.gaps.empty());
  f.network.heal();
  f.pass(2 * node_world::heartbeat);
  // Each had taken the other one for gone.
  CHECK(f.a.gaps == gaps{{"node b", std::nullopt}});
  CHECK(f.b.gaps == gaps{{"node a", std::nullopt}});
  f.publish(f.a, "rooms/1", 2);
  f.settle();
  CHECK(there.numbers() == numbers{2});
  f.pass(2 * node_world::gone_after);
  CHECK(f.b.gaps.size() == 1);
}

TEST_CASE("a node that is back has its name before it has said it") {
  pair f;
  auto there = f.listen(f.b, "rooms/*");
  f.settle();
  test::log_capture log;
  f.network.split({"a"});
  f.pass(node_world::gone_after + 1s);
  f.b.home.turn([&] {
    f.b.relay->received(R"({"flamigo":1,"from":"a","stream":9,"seq":1})");
  });
  CHECK(log.count("node node a is there again") == 1);
  CHECK(f.b.relay->status().peers.empty());
  f.b.home.turn([&] { f.b.relay->tick(node_world::unit::time_point{1h}); });
  REQUIRE(f.b.relay->status().peers.size() == 1);
  CHECK(peer_of(f.b).name == "node a");
}

TEST_CASE("a node that does not come back is told of if it may be missed") {
  pair f;
  auto there = f.listen(f.b, "rooms/*");
  f.settle();
  test::log_capture log;
  // Its last messages come to nobody, and then there is none any more.
  f.b.home.turn([&] { f.b.relay->disconnected("cut"); });
  f.network.split({"a"});
  f.publish(f.a, "rooms/1", 1);
  f.settle();
  f.pass(2s);
  f.b.home.turn([&] { f.b.relay->connected(); });
  f.pass(node_world::gone_after - 1s);
  CHECK(f.b.relay->status().peers.empty());
  // It may be on its way back.
  CHECK(f.b.gaps.empty());
  f.pass(1s);
  CHECK(f.b.gaps == gaps{{"node a", std::nullopt}});
  f.pass(2 * node_world::gone_after);
  CHECK(f.b.gaps.size() == 1);
}

TEST_CASE("what a node has said to have sent is missing when it is gone") {
  pair f;
  auto there = f.listen(f.b, "rooms/*");
  f.settle();
  test::log_capture log;
  f.network.lost = 100;
  f.publish(f.a, "rooms/1", 1);
  f.settle();
  f.network.lost = 0;
  f.pass(node_world::heartbeat);
  f.network.split({"a"});
  CHECK(f.b.gaps.empty());
  f.pass(node_world::gone_after + 1s);
  CHECK(f.b.gaps == gaps{{"node a", std::nullopt}});
}

TEST_CASE("of a node of which all has come nobody misses anything") {
  pair f;
  auto there = f.listen(f.b, "rooms/*");
  f.settle();
  test::log_capture log;
  f.publish(f.a, "rooms/1", 1);
  f.settle();
  f.pass(2 * node_world::heartbeat);
  f.network.split({"a"});
  f.pass(3 * node_world::gone_after);
  CHECK(f.b.relay->status().peers.empty());
  CHECK(f.b.gaps.empty());
}

TEST_CASE("a node that was given up and ends is told of") {
  pair f;
  auto there = f.listen(f.b, "rooms/*");
  f.settle();
  test::log_capture log;
  f.network.split({"a"});
  f.pass(node_world::gone_after + 1s);
  f.publish(f.a, "rooms/1", 1);
  f.network.heal();
  f.b.home.turn([&] {
    f.b.relay->received(
      R"({"flamigo":1,"from":"a","hello":{"name":"node a","bye":true}})");
  });
  f.b.home.turn([&] { f.b.relay->tick(node_world::unit::time_point{2h}); });
  CHECK(f.b.gaps == gaps{{"node a", std::nullopt}});
}

TEST_CASE("of a short split both sides hear how much they missed") {
  pair f;
  auto there = f.listen(f.b, "rooms/*");
  f.settle();
  f.network.split({"a"});
  for (auto i = 0U; i < 5; ++i)
    f.publish(f.a, "rooms/1", i);
  f.settle();
  f.pass(3s);
  f.network.heal();
  test::log_capture log;
  f.publish(f.a, "rooms/1", 5);
  f.settle();
  CHECK(there.numbers() == numbers{5});
  f.pass(250ms);
  REQUIRE_FALSE(f.b.gaps.empty());
  REQUIRE(f.b.gaps[0].second);
  CHECK(*f.b.gaps[0].second == 5);
}

TEST_CASE("a split that only one side takes for an end is no silent one") {
  pair f;
  auto there = f.listen(f.b, "rooms/*");
  f.settle();
  test::log_capture log;
  f.network.split({"a"});
  f.pass(node_world::gone_after - 1s);
  // Only this one's time goes on.
  f.a.home.turn([&] { f.a.relay->tick(node_world::unit::time_point{2h}); });
  CHECK(f.a.relay->status().peers.empty());
  f.publish(f.a, "rooms/1", 1);
  f.network.heal();
  f.a.home.turn([&] { f.a.relay->connected(); });
  f.b.home.turn([&] { f.b.relay->connected(); });
  auto known = false;
  f.b.relay->confirm([&] { known = true; });
  f.settle();
  // Told when what is published from then on comes.
  f.b.home.turn([&] { f.b.relay->tick(node_world::unit::time_point{1h}); });
  REQUIRE(f.b.gaps.size() == 1);
  CHECK(f.b.gaps[0].second == std::nullopt);
  CHECK(known);
  f.publish(f.a, "rooms/1", 2);
  f.settle();
  CHECK(there.numbers() == numbers{2});
}

TEST_CASE("a node tells when it ends how much it has sent") {
  pair f;
  auto there = f.listen(f.b, "rooms/*");
  f.settle();
  f.a.transport.refuses = 3;
  for (auto i = 0U; i < 3; ++i)
    f.publish(f.a, "rooms/1", i);
  f.a.home.turn([] {});
  test::log_capture log;
  f.stop(f.a);
  f.settle();
  REQUIRE(f.b.gaps.size() == 1);
  CHECK(f.b.gaps[0].second == 3);
}

TEST_CASE("a node that ends says so") {
  pair f;
  test::log_capture log;
  f.stop(f.a);
  f.settle();
  f.pass(250ms);
  CHECK(f.b.relay->status().peers.empty());
  CHECK(log.count("node node a has left") > 0);
  // What comes behind it does not bring it back.
  f.b.home.turn([&] {
    f.b.relay->received(R"({"flamigo":1,"from":"a","stream":1,"seq":50})");
  });
  f.pass(250ms);
  CHECK(f.b.relay->status().peers.empty());
  CHECK(f.b.gaps.empty());
}

TEST_CASE("it is confirmed when all know, not before") {
  pair f;
  f.add("c");
  f.settle();
  f.pass(250ms);
  auto there = f.listen(f.a, "rooms/*");
  auto known = 0;
  f.a.relay->confirm([&] { ++known; });
  f.a.home.turn([&] { f.a.relay->work(); });
  CHECK(known == 0);
  f.settle();
  CHECK(known == 1);
  // One cannot be reached: it is confirmed when that one counts as gone.
  test::log_capture log;
  f.network.split({"c"});
  auto more = f.listen(f.a, "users/*");
  f.a.relay->confirm([&] { ++known; });
  f.settle();
  CHECK(known == 1);
  f.pass(node_world::gone_after + 1s);
  CHECK(known == 2);
}

TEST_CASE("it is not confirmed by who has missed a part of it") {
  pair f;
  test::log_capture log;
  auto first = f.listen(f.a, "rooms/1");
  f.a.transport.refuses = 1;
  f.settle();
  auto second = f.listen(f.a, "rooms/2");
  auto known = 0;
  f.a.relay->confirm([&] { ++known; });
  f.settle();
  CHECK(known == 0);
  f.pass(4 * node_world::heartbeat);
  CHECK(known == 1);
  f.publish(f.b, "rooms/1", 1);
  f.settle();
  CHECK(first.numbers() == numbers{1});
}

TEST_CASE("what is in the journal goes to those only who do not read that") {
  pair f;
  auto& c = f.add("c");
  f.b.reads_journal = true;
  f.pass(3s);
  auto b = f.listen(f.b, "rooms/*");
  auto there = f.listen(c, "rooms/*");
  f.settle();
  f.publish_kept(f.a, "rooms/1", 1);
  f.publish(f.a, "rooms/1", 2);
  f.settle();
  CHECK(b.numbers() == numbers{2});
  CHECK(there.numbers() == numbers{1, 2});
  // One that has begun to read it, and has not said so yet, has it twice.
  c.reads_journal = true;
  f.publish_kept(f.a, "rooms/1", 3);
  f.settle();
  CHECK(there.numbers() == numbers{1, 2});
  f.pass(3s);
  CHECK(peer_of(f.b).lost == 0);
  CHECK(peer_of(c).lost == 0);
}

TEST_CASE("more wishes than a node may have are not heeded") {
  pair f;
  auto wish = [&](const std::string& number, const std::string& added,
                  const std::string& is_list) {
    f.a.home.turn([&] {
      f.a.relay->received(R"({"flamigo":1,"from":"c","stream":1,"seq":)"
                          + number + R"(,"wishes":{"version":)" + number
                          + R"(,"added":[)" + added
                          + R"(],"removed":[],"begins":)" + is_list
                          + R"(,"ends":)" + is_list + "}}");
    });
  };
  std::string all = R"("t0")";
  for (std::size_t i = 1; i < node_world::max_wishes; ++i)
    all += ",\"t" + std::to_string(i) + '"';
  wish("1", all, "true");
  test::log_capture log;
  wish("2", R"("t1","one/more")", "false");
  CHECK(log.count("is one too many") == 1);
  f.pass(250ms);
  CHECK(peer_of(f.a, 1).wishes == node_world::max_wishes);
}

TEST_CASE("what is no frame is told of in the log and does nothing") {
  pair f;
  for (auto text : {"", "[]", "{\"flamigo\":1}",
                    R"({"flamigo":2,"from":"x","stream":1,"seq":1})",
                    R"({"flamigo":1,"from":"a b","stream":1,"seq":1})",
                    R"({"flamigo":1,"from":"","stream":1,"seq":1})",
                    R"({"flamigo":1,"from":"b","stream":1,"seq":99,"event":
                        {"topics":["rooms/*"],"cause":{"type":"x"}}})",
                    R"({"flamigo":1,"from":"b","stream":1,"seq":100,"event":
                        {"topics":[],"cause":{"type":"x"}}})",
                    R"({"flamigo":1,"from":"b","stream":1,"seq":102,"event":
                        {"topics":["rooms/1"],"cause":{"type":"x",
                         "permissions":[]},"client":{"topic":"error",
                         "payload":{},"bytes":false}}})",
                    R"({"flamigo":1,"from":"b","stream":1,"seq":103,"wishes":
                        {"version":1,"added":["a//b"],"removed":[],
                         "begins":false,"ends":false}})"}) {
    test::log_capture log;
    f.a.home.turn([&] { f.a.relay->received(text); });
    CAPTURE(text);
    CHECK(log.count("cluster: ") > 0);
  }
}

TEST_CASE("more nodes than there may be are not listened to") {
  pair f;
  test::log_capture log;
  constexpr auto max = detail::node_relay::max_peers;
  for (std::size_t i = 0; i < 2 * max; ++i)
    f.a.home.turn([&] {
      f.a.relay->received(R"({"flamigo":1,"from":"x)" + std::to_string(i)
                          + R"(","stream":1,"seq":1})");
    });
  f.pass(250ms);
  CHECK(f.a.relay->status().peers.size() == max);
  CHECK(log.count("is one too many") > 0);
}
