#include "flamigo/cluster/detail/journal_stage.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "cluster/journal_world.hpp"
#include "flamigo/bus/detail/sync_delivery.hpp"
#include "flamigo/error/error.hpp"
#include "support/quiet_log.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::said;

namespace {

struct world : test::journal_world {
  void publish_some(node& on, int count, const std::string& where = "rooms/1") {
    for (auto i = 0; i < count; ++i)
      CHECK_FALSE(publish(on, {where}, ++published));
  }

  /// What the nodes have is the same, and how much.
  std::size_t same(node& a, node& b, const std::string& where = "rooms/1") {
    CHECK(newest(a, where) == newest(b, where));
    auto here = all(a, where);
    auto there = all(b, where);
    auto count = std::min(here.size(), there.size());
    for (std::size_t i = 1; i <= count; ++i)
      CHECK(here[here.size() - i].frame == there[there.size() - i].frame);
    return count;
  }

  static std::vector<std::uint64_t> numbers(const node& of) {
    std::vector<std::uint64_t> result;
    for (auto& x : *of.heard)
      result.push_back(x.number);
    return result;
  }

  static std::vector<std::uint64_t> up_to(std::uint64_t last) {
    std::vector<std::uint64_t> result;
    for (std::uint64_t i = 1; i <= last; ++i)
      result.push_back(i);
    return result;
  }

  std::uint64_t published = 0;
  test::quiet_log quiet;
};

struct secret {
  static constexpr bool stays_on_node = true;

  topic topics() const {
    return topic{"rooms/1"};
  }

  client_message to_client() const {
    return client_message{"secret", raw_json{"1"}};
  }
};

BOOST_DESCRIBE_STRUCT(secret, (), ())

} // namespace

TEST_CASE_METHOD(world, "nodes count alike and hear the same") {
  auto& a = start("a");
  auto& b = start("b");
  settle();
  publish_some(a, 5);
  publish_some(b, 5);
  settle();
  CHECK(same(a, b) == 10);
  CHECK(newest(a, "rooms/1").offset == 10);
  CHECK(newest(a, "rooms/1").epoch != 0);
  CHECK(a.heard->size() == 10);
  CHECK(numbers(a) == numbers(b));
}

TEST_CASE_METHOD(world, "an event of several channels is one on all nodes") {
  auto& a = start("a");
  auto& b = start("b");
  settle();
  publish_some(a, 3, "rooms/2");
  CHECK_FALSE(publish(a, {"rooms/1", "rooms/2", "rooms/1"}, 4));
  settle();
  CHECK(newest(b, "rooms/1").offset == 1);
  CHECK(newest(b, "rooms/2").offset == 4);
  CHECK(same(a, b, "rooms/2") == 4);
  CHECK(b.heard->size() == 4);
}

TEST_CASE_METHOD(world, "a publisher hears of its event by the journal only") {
  auto& a = start("a");
  settle();
  journal.go_down();
  publish_some(a, 3);
  settle();
  CHECK(a.heard->empty());
  CHECK(a.stage->status().reason == "it is down");
  journal.go_up();
  settle();
  CHECK(numbers(a) == up_to(3));
  CHECK(a.stage->status().reason.empty());
}

TEST_CASE_METHOD(world, "who starts later is told how far all is") {
  auto& a = start("a");
  settle();
  // More than is read without asking.
  publish_some(a, 5, "rooms/old");
  for (auto i = 0; i < 11; ++i) {
    publish_some(a, 1'000);
    settle();
  }
  auto& b = start("b");
  settle();
  CHECK(same(a, b) == 11'000);
  CHECK(same(a, b, "rooms/old") == 5);
  // It is not told again what was published before.
  CHECK(b.heard->empty());
  publish_some(b, 1);
  settle();
  CHECK(same(a, b) == 11'001);
  CHECK(b.heard->size() == 1);
}

TEST_CASE_METHOD(world, "offsets go on where the journal has discarded much") {
  journal.max_messages = 10;
  auto& a = start("a");
  settle();
  for (auto i = 0; i < 100; ++i) {
    publish_some(a, 1, "rooms/" + std::to_string(i % 3));
    settle();
  }
  auto& b = start("b");
  settle();
  CHECK(same(a, b, "rooms/0") == 4);
  CHECK(newest(b, "rooms/0").offset == 34);
  CHECK(newest(b, "rooms/1").offset == 33);
  publish_some(b, 1, "rooms/1");
  settle();
  CHECK(same(a, b, "rooms/1") == 4);
}

TEST_CASE_METHOD(world, "with nobody to ask and no beginning all begins anew") {
  journal.max_messages = 10;
  history_position before;
  {
    auto& a = start("a");
    settle();
    publish_some(a, 20);
    settle();
    before = newest(a, "rooms/1");
    kill(a);
  }
  auto& b = start("b");
  pass(5s);
  auto now = newest(b, "rooms/1");
  CHECK(now.epoch != before.epoch);
  CHECK(now.offset == 0);
  publish_some(b, 1);
  pass(1s);
  CHECK(newest(b, "rooms/1").offset == 1);
}

TEST_CASE_METHOD(world, "a node alone reads what was there before") {
  history_position before;
  {
    auto& a = start("a");
    settle();
    publish_some(a, 20);
    settle();
    before = newest(a, "rooms/1");
    kill(a);
  }
  auto& b = start("b");
  settle();
  CHECK(newest(b, "rooms/1") == before);
  CHECK(all(b, "rooms/1").size() == 20);
}

TEST_CASE_METHOD(world, "what was lost on its way is written again, in order") {
  auto& a = start("a");
  auto& b = start("b");
  settle();
  journal.lost = 30;
  journal.twice = 10;
  publish_some(a, 200);
  pass(30s);
  journal.lost = 0;
  pass(20s);
  CHECK(numbers(a) == up_to(200));
  CHECK(numbers(b) == up_to(200));
  CHECK(same(a, b) == 200);
  CHECK(journal.size() > 200);
}

TEST_CASE_METHOD(world, "what was lost on its way back is read again") {
  auto& a = start("a");
  auto& b = start("b");
  settle();
  journal.unread = 20;
  publish_some(a, 200);
  pass(10s);
  CHECK(numbers(b) == up_to(200));
  CHECK(same(a, b) == 200);
}

TEST_CASE_METHOD(world, "where too much waits a publisher reads so") {
  auto& a = start("a");
  settle();
  journal.go_down();
  publish_some(a, detail::own_events::max_events);
  auto why = publish(a, {"rooms/1"}, 0);
  CHECK(why == errc::unavailable);
  CHECK(trace_of(why).find("wait for the NATS server") != std::string::npos);
  journal.go_up();
  settle();
  CHECK(a.heard->size() == detail::own_events::max_events);
  publish_some(a, 1);
}

TEST_CASE_METHOD(world, "a server without journals is told to who publishes") {
  auto& a = start("a");
  settle();
  journal.go_down(true);
  auto why = publish(a, {"rooms/1"}, 1);
  CHECK(why == errc::unavailable);
  CHECK(trace_of(why).find("there is none") != std::string::npos);
  journal.go_up();
  settle();
  publish_some(a, 1);
  settle();
  CHECK(a.heard->size() == 1);
}

TEST_CASE_METHOD(world, "an event that the server does not take is refused") {
  auto& a = start("a");
  settle();
  auto why = publish(a, {"rooms/1", "rooms/" + std::string(100, 'x')}, 1);
  CHECK_FALSE(why);
  said large{{"rooms/1"}, std::string(1'048'576, 'x'), 2};
  why = a.events.publish(large);
  CHECK(trace_of(why).find("max_payload") != std::string::npos);
  settle();
  CHECK(a.heard->size() == 1);
}

TEST_CASE_METHOD(world, "of another journal nobody takes the offsets") {
  auto& a = start("a");
  settle();
  publish_some(a, 10);
  settle();
  auto before = newest(a, "rooms/1");
  CHECK(a.lost == 0);
  journal.make_anew();
  settle();
  CHECK(a.lost == 1);
  publish_some(a, 3);
  pass(1s);
  auto now = newest(a, "rooms/1");
  CHECK(now.epoch != before.epoch);
  CHECK(now.offset == 3);
  CHECK(numbers(a) == up_to(13));
}

TEST_CASE_METHOD(world, "an answer from before more was read is no other one") {
  auto& a = start("a");
  settle();
  publish_some(a, 5);
  settle();
  auto before = newest(a, "rooms/1");
  auto late = journal.facts();
  publish_some(a, 5);
  settle();
  a.stage->opened(late);
  publish_some(a, 5);
  settle();
  CHECK(a.lost == 0);
  CHECK(newest(a, "rooms/1").epoch == before.epoch);
  CHECK(newest(a, "rooms/1").offset == 15);
  CHECK(numbers(a) == up_to(15));
}

TEST_CASE_METHOD(world, "a node that was too slow asks the others") {
  journal.max_messages = 10;
  auto& a = start("a");
  auto& b = start("b");
  settle();
  // All that is discarded has been lost on its way to b.
  b.lines.break_off(false);
  for (auto i = 0; i < 50; ++i) {
    publish_some(a, 1);
    wake(a);
    while (a.lines.step())
      run();
  }
  REQUIRE(a.heard->size() == 50);
  pass(5s);
  CHECK(b.lost == 1);
  CHECK(same(a, b) == 10);
  publish_some(b, 1);
  pass(1s);
  CHECK(same(a, b) == 11);
  CHECK(a.heard->size() == 51);
}

TEST_CASE_METHOD(world, "who asks for a history before it is there waits") {
  auto& a = start("a");
  std::vector<caf::expected<history_position>> told;
  auto follow = [&] {
    a.kept.follow("rooms/1", {}, [&](auto x) { told.push_back(x); });
  };
  follow();
  CHECK(told.empty());
  settle();
  REQUIRE(told.size() == 1);
  CHECK(told[0]);
  journal.go_down();
  auto& b = start("b");
  b.kept.follow("rooms/1", {}, [&](auto x) { told.push_back(x); });
  pass(4s);
  CHECK(told.size() == 1);
  pass(2s);
  REQUIRE(told.size() == 2);
  CHECK(told[1].error() == errc::unavailable);
  // The other one goes on with what it has.
  follow();
  CHECK(told.size() == 3);
}

TEST_CASE_METHOD(world, "what stays on its node has no place in a history") {
  auto& a = start("a");
  auto& b = start("b");
  settle();
  CHECK_FALSE(a.events.publish(secret{}));
  settle();
  CHECK(newest(a, "rooms/1").offset == 0);
  CHECK(newest(b, "rooms/1").offset == 0);
}

TEST_CASE_METHOD(world, "what is waited for keeps its place among the others") {
  auto& a = start("a");
  settle();
  auto made = detail::make_event(test::said{{"rooms/1"}, "a", 1},
                                 acting_actor{{}, backend_claims()});
  REQUIRE(made);
  auto waits = a.events.deliver_and_ask(*made, nullptr);
  CHECK_FALSE(publish(a, {"rooms/1"}, 2));
  settle();
  CHECK(numbers(a) == up_to(2));
}
