#include "flamigo/history/memory_history.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/testing/actor_fixture.hpp"
#include "history/engine_contract.hpp"
#include "history/slow_history.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

struct fixture : testing::actor_fixture {
  memory_history engine{system, {.max_topics = 20}};
  engine_contract ask{engine};
};

} // namespace

TEST_CASE_METHOD(fixture, "memory keeps the contract of an engine") {
  SECTION("offsets") {
    ask.offsets_grow_by_one();
  }
  SECTION("what is stored") {
    ask.what_is_stored_can_be_read();
  }
  SECTION("after a position") {
    ask.a_reader_is_given_what_comes_after();
  }
  SECTION("bounded reads") {
    ask.a_read_is_bounded_but_gets_on();
  }
  SECTION("not reached") {
    ask.what_it_has_not_got_is_not_reached();
  }
  SECTION("bytes") {
    ask.bytes_are_bounded();
  }
  SECTION("several topics") {
    ask.an_event_stands_under_all_of_its_topics();
  }
  SECTION("epochs") {
    ask.an_epoch_does_not_come_back();
  }
  SECTION("in order") {
    ask.what_is_asked_first_is_stored_first();
  }
  SECTION("threads") {
    ask.threads_may_append();
  }
}

TEST_CASE_METHOD(fixture, "an engine that answers later keeps it as well") {
  test::slow_history slow{engine};
  engine_contract later{slow, [&slow] { slow.answer_all(); }};
  SECTION("offsets") {
    later.offsets_grow_by_one();
  }
  SECTION("what is stored") {
    later.what_is_stored_can_be_read();
  }
  SECTION("after a position") {
    later.a_reader_is_given_what_comes_after();
  }
  SECTION("bounded reads") {
    later.a_read_is_bounded_but_gets_on();
  }
  SECTION("not reached") {
    later.what_it_has_not_got_is_not_reached();
  }
  SECTION("bytes") {
    later.bytes_are_bounded();
  }
  SECTION("several topics") {
    later.an_event_stands_under_all_of_its_topics();
  }
  SECTION("epochs") {
    later.an_epoch_does_not_come_back();
  }
  SECTION("in order") {
    later.what_is_asked_first_is_stored_first();
  }
}

TEST_CASE_METHOD(fixture, "events that are too old are not there any more") {
  history_limits limits{.max_age = 10s};
  auto start = ask.follow("a", limits);
  ask.append({"a"}, "{", limits);
  advance(6s);
  ask.append({"a"}, "{", limits);
  CHECK(ask.read("a", start).reaches);
  advance(4s);
  CHECK_FALSE(ask.read("a", start).reaches);
  CHECK(ask.read("a", {start.epoch, 1}).events.size() == 1);
  advance(6s);
  CHECK(ask.read("a", {start.epoch, 2}).reaches);
  CHECK(engine.bytes() == 0);
}

TEST_CASE_METHOD(fixture, "the topic that was used longest ago makes room") {
  for (int i = 0; i < 20; ++i)
    ask.append({"t" + std::to_string(i)});
  auto first = ask.append({"t0"}).front();
  auto second = ask.append({"t1"}).front();
  ask.append({"one more"});
  CHECK(engine.topics() == 20);
  CHECK(ask.append({"t0"}).front() == history_position{first.epoch, 3});
  // t2 went.
  CHECK(ask.append({"t2"}).front().offset == 1);
  CHECK(ask.append({"t1"}).front() == history_position{second.epoch, 3});
}

TEST_CASE_METHOD(fixture, "a topic that is followed stays") {
  auto held = ask.follow("held");
  ask.follow("held");
  ask.append({"held"});
  for (int i = 0; i < 40; ++i)
    ask.append({"t" + std::to_string(i)});
  CHECK(ask.read("held", held).reaches);
  engine.unfollow("held");
  for (int i = 0; i < 40; ++i)
    ask.append({"t" + std::to_string(i)});
  CHECK(ask.read("held", held).reaches);
  engine.unfollow("held");
  for (int i = 0; i < 40; ++i)
    ask.append({"t" + std::to_string(i)});
  CHECK_FALSE(ask.read("held", held).reaches);
  // Once too often, or of what is not there: nothing happens.
  engine.unfollow("held");
  engine.unfollow("t39");
}

TEST_CASE_METHOD(fixture, "all may be followed at once, and more") {
  for (int i = 0; i < 50; ++i)
    ask.follow("t" + std::to_string(i));
  CHECK(engine.topics() == 50);
  // Each as good as the others.
  auto at = ask.append({"t0", "t49", "not followed"});
  CHECK(at[0].offset == 1);
  CHECK(at[2].offset == 1);
}

TEST_CASE_METHOD(fixture, "several topics do not make room for one another") {
  memory_history tiny{system, {.max_topics = 1}};
  engine_contract in{tiny};
  auto at = in.append({"a", "b", "c"});
  CHECK(at.size() == 3);
  for (auto& x : at)
    CHECK(x.offset == 1);
}

TEST_CASE_METHOD(fixture, "what was read stays as it was") {
  history_limits limits{.max_events = 1};
  auto start = ask.follow("a", limits);
  ask.append({"a"}, "{\"payload\":\"first\"", limits);
  auto got = ask.read("a", start);
  for (int i = 0; i < 100; ++i)
    ask.append({"a"}, "{\"payload\":\"later\"", limits);
  REQUIRE(got.events.size() == 1);
  CHECK(got.events.front().frame == R"({"payload":"first","offsets":{"a":1}})");
}

TEST_CASE_METHOD(fixture, "the name of a topic is escaped") {
  ask.append({"say \"hi\""});
  auto at = ask.follow("say \"hi\"");
  CHECK(at.offset == 1);
  auto got = ask.read("say \"hi\"", {at.epoch, 0});
  CHECK(got.events.at(0).frame
        == R"({"payload":0,"offsets":{"say \"hi\"":1}})");
}

TEST_CASE_METHOD(fixture, "a history costs little more than its frames") {
  memory_history many{system, {.max_topics = 2'000}};
  engine_contract in{many};
  std::string base = "{\"topic\":\"chat:message\",\"payload\":{\"text\":\""
                     + std::string(150, 'x') + "\"}";
  std::size_t frames = 0;
  for (int t = 0; t < 1'000; ++t) {
    auto name = "rooms/" + std::to_string(t);
    auto start = in.follow(name);
    for (int i = 0; i < 50; ++i)
      in.append({name}, base);
    for (auto& x : in.read(name, start).events)
      frames += x.frame.size();
  }
  CHECK(many.bytes() < frames * 13 / 10 + many.topics() * 256);
}

// -- one of several -----------------------------------------------------------

namespace {

/// Numbers as a test says.
struct given_numbers final : history_numbers {
  history_position newest(std::string_view topic) override {
    return at[std::string{topic}];
  }

  history_position next(std::string_view topic) override {
    auto& here = at[std::string{topic}];
    ++here.offset;
    return here;
  }

  std::map<std::string, history_position> at{{"a", {7, 40}}, {"b", {8, 0}}};
};

struct numbered : fixture {
  std::shared_ptr<given_numbers> numbers = std::make_shared<given_numbers>();
};

} // namespace

TEST_CASE_METHOD(numbered, "topics go on where others have come to") {
  engine.number_by(numbers);
  CHECK(ask.follow("a") == history_position{7, 40});
  CHECK(ask.append({"a", "b"})
        == std::vector<history_position>{{7, 41}, {8, 1}});
  CHECK(ask.append({"a"}).at(0) == history_position{7, 42});
  CHECK(ask.read("a", {7, 40}).events.size() == 2);
  CHECK_FALSE(ask.read("a", {7, 39}).reaches);
}

TEST_CASE_METHOD(numbered, "nobody is given another event's offset") {
  engine.number_by(numbers);
  (void) ask.follow("a");
  ask.append({"a"});
  // One was counted that could not be kept here.
  ++numbers->at["a"].offset;
  CHECK(ask.append({"a"}).at(0) == history_position{7, 43});
  CHECK_FALSE(ask.read("a", {7, 41}).reaches);
  CHECK(ask.read("a", {7, 42}).events.size() == 1);
  // And one epoch has ended.
  numbers->at["a"] = {9, 0};
  CHECK(ask.append({"a"}).at(0) == history_position{9, 1});
  CHECK_FALSE(ask.read("a", {7, 43}).reaches);
}

TEST_CASE_METHOD(numbered, "all begin again where the numbers are") {
  auto before = ask.follow("a");
  ask.append({"a"});
  engine.number_by(numbers);
  CHECK_FALSE(ask.read("a", before).reaches);
  CHECK(ask.read("a", {7, 40}).reaches);
  numbers->at["a"] = {7, 50};
  engine.begin_again();
  CHECK(ask.read("a", {7, 40}).newest == history_position{7, 50});
}

TEST_CASE_METHOD(fixture, "who asks too early waits, or is told why not") {
  std::vector<caf::expected<history_position>> told;
  auto follow = [&] {
    engine.follow("a", {}, [&](auto where) { told.push_back(where); });
  };
  engine.hold();
  follow();
  CHECK(told.empty());
  engine.release();
  REQUIRE(told.size() == 1);
  CHECK(told.at(0));
  engine.hold();
  follow();
  engine.refuse(make_error(errc::unavailable));
  follow();
  REQUIRE(told.size() == 3);
  CHECK(told.at(1).error() == errc::unavailable);
  CHECK(told.at(2).error() == errc::unavailable);
  engine.release();
  follow();
  CHECK(told.at(3));
}
