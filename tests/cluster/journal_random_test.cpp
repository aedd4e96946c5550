// Nodes with a journal in which everything goes wrong, against an oracle: what
// the nodes have in the end is the same, without gaps, and each event once.

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "cluster/journal_world.hpp"
#include "flamigo/json/json.hpp"
#include "support/quiet_log.hpp"

using namespace flamigo;
using test::said;

namespace {

constexpr int topics = 3;

struct sent_frame {
  std::string topic;
  said payload;
};

BOOST_DESCRIBE_STRUCT(sent_frame, (), (topic, payload))

struct world : test::journal_world {
  using test::journal_world::journal_world;

  bool happens(unsigned in_a_thousand) {
    return journal.random() % 1'000 < in_a_thousand;
  }

  static std::string room(std::uint64_t number) {
    return "rooms/" + std::to_string(number % topics);
  }

  void publish_one(node& on) {
    auto& number = published[on.name];
    std::vector<std::string> where{room(journal.random())};
    if (happens(200))
      where.push_back(room(journal.random()));
    if (!publish(on, where, ++number))
      accepted.insert({on.name, number});
  }

  /// What a node has delivered has to be there at the end.
  void note_heard(const node& of) {
    for (auto& x : *of.heard)
      delivered.insert({x.by, x.number});
  }

  void end_one() {
    auto& what = *nodes[journal.random() % nodes.size()];
    note_heard(what);
    kill(what);
  }

  void step() {
    auto& one = *nodes[journal.random() % nodes.size()];
    if (happens(300))
      publish_one(one);
    else if (happens(600))
      one.lines.step();
    else if (happens(500))
      wake(one);
    else
      run();
    if (happens(20)) {
      now_ += milliseconds{250};
      for (auto& x : nodes) {
        x->stage->tick(now_);
        x->lines.count();
      }
    }
    if (happens(3))
      journal.is_down ? journal.go_up() : journal.go_down();
    if (happens(2) && nodes.size() > 1)
      end_one();
    if (happens(3) && nodes.size() < 4)
      start("n" + std::to_string(++started));
  }

  void heal() {
    journal.lost = journal.twice = journal.unread = 0;
    journal.go_up();
    pass(milliseconds{60'000});
  }

  void check_that_all_is_the_same() {
    auto& first = *nodes.front();
    for (auto i = 0; i < topics; ++i) {
      auto where = room(static_cast<std::uint64_t>(i));
      auto here = all(first, where);
      auto last = newest(first, where);
      REQUIRE((here.empty() ? 0 : here.back().offset) == last.offset);
      std::map<std::string, std::uint64_t> numbers;
      for (std::size_t j = 0; j < here.size(); ++j) {
        // No gaps.
        CHECK(here[j].offset == here.front().offset + j);
        sent_frame frame;
        REQUIRE_FALSE(from_json(here[j].frame, frame));
        // None twice, and of each publisher in its order.
        CHECK(frame.payload.number > numbers[frame.payload.by]);
        numbers[frame.payload.by] = frame.payload.number;
        CHECK(accepted.contains({frame.payload.by, frame.payload.number}));
        kept.insert({frame.payload.by, frame.payload.number});
      }
      for (auto& x : nodes) {
        CHECK(newest(*x, where) == last);
        auto there = all(*x, where);
        auto count = std::min(here.size(), there.size());
        for (std::size_t j = 1; j <= count; ++j)
          REQUIRE(here[here.size() - j].frame == there[there.size() - j].frame);
      }
    }
  }

  int started = 0;
  std::map<std::string, std::uint64_t> published;
  std::set<std::pair<std::string, std::uint64_t>> accepted;
  std::set<std::pair<std::string, std::uint64_t>> delivered;
  std::set<std::pair<std::string, std::uint64_t>> kept;
};

} // namespace

TEST_CASE("whatever happens, nodes have the same, without gaps, once") {
  auto seed = static_cast<std::uint32_t>(GENERATE(range(1, 41)));
  CAPTURE(seed);
  test::quiet_log quiet;
  world uut{seed};
  for (auto i = 0; i < 3; ++i)
    uut.start("n" + std::to_string(++uut.started));
  // So that those who start ask others, and some events are nowhere any more.
  auto discards = seed % 4 == 0;
  if (discards)
    uut.journal.max_messages = 100;
  uut.journal.lost = seed % 3 == 0 ? 0 : 10;
  uut.journal.twice = seed % 5 == 0 ? 20 : 2;
  uut.journal.unread = seed % 2 == 0 ? 10 : 0;
  for (auto i = 0; i < 5'000; ++i)
    uut.step();
  uut.heal();
  uut.check_that_all_is_the_same();
  for (auto& x : uut.nodes) {
    uut.note_heard(*x);
    // Nobody was told anything twice.
    std::set<std::pair<std::string, std::uint64_t>> once;
    for (auto& said : *x->heard)
      CHECK(once.insert({said.by, said.number}).second);
    if (discards)
      continue;
    // What was accepted by a node that is there still has come back to it.
    for (std::uint64_t i = 1; i <= uut.published[x->name]; ++i)
      if (uut.accepted.contains({x->name, i}))
        CHECK(uut.kept.contains({x->name, i}));
  }
  if (discards)
    return;
  for (auto& x : uut.delivered)
    CHECK(uut.kept.contains(x));
  CHECK(uut.kept.size() > 100);
}
