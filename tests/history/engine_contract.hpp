#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <caf/expected.hpp>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/history/history_engine.hpp"

namespace flamigo {

/// What `history_engine` promises, asked of any implementation: a test makes
/// one of these and calls each of its functions in a section of its own.
class engine_contract {
public:
  /// `settle` is called until the engine has answered, if it answers later.
  explicit engine_contract(
    history_engine& engine, std::function<void()> settle = [] {})
    : engine_(engine), settle_(std::move(settle)) {
  }

  // -- the rules --------------------------------------------------------------

  void offsets_grow_by_one() {
    auto start = follow("a");
    CHECK(start.epoch != 0);
    CHECK(start.offset == 0);
    for (std::uint64_t i = 1; i <= 5; ++i)
      CHECK(append({"a"}).at(0) == history_position{start.epoch, i});
    CHECK(follow("a") == history_position{start.epoch, 5});
    CHECK(follow("b").offset == 0);
  }

  void what_is_stored_can_be_read() {
    auto start = follow("a");
    append({"a"}, R"({"topic":"x","payload":1)");
    auto got = read("a", start);
    REQUIRE(got.reaches);
    REQUIRE(got.events.size() == 1);
    auto& event = got.events.front();
    CHECK(event.offset == 1);
    CHECK(event.base == R"({"topic":"x","payload":1)");
    CHECK(event.frame == R"({"topic":"x","payload":1,"offsets":{"a":1}})");
    CHECK(event.elsewhere == nullptr);
    CHECK(got.newest == history_position{start.epoch, 1});
  }

  void a_reader_is_given_what_comes_after() {
    auto start = follow("a");
    append_many("a", 10);
    for (std::uint64_t from = 0; from <= 10; ++from) {
      auto got = read("a", {start.epoch, from});
      REQUIRE(got.reaches);
      REQUIRE(got.events.size() == 10 - from);
      for (auto& x : got.events)
        CHECK(x.offset == ++from);
    }
  }

  void a_read_is_bounded_but_gets_on() {
    auto start = follow("a");
    append_many("a", 20);
    for (std::uint64_t at = 0; at < 20;) {
      auto got = read("a", {start.epoch, at}, 1);
      REQUIRE(got.reaches);
      REQUIRE(got.events.size() == 1);
      CHECK(got.newest.offset == 20);
      at = got.events.front().offset;
    }
    auto size = read("a", start, 1).events.front().frame.size();
    CHECK(read("a", start, 3 * size + 2).events.size() == 3);
  }

  void what_it_has_not_got_is_not_reached() {
    auto start = follow("a", {.max_events = 3});
    append_many("a", 10, {.max_events = 3});
    CHECK_FALSE(read("a", {start.epoch, 6}).reaches);
    CHECK(read("a", {start.epoch, 7}).events.size() == 3);
    CHECK(read("a", {start.epoch, 10}).reaches);
    CHECK_FALSE(read("a", {start.epoch, 11}).reaches);
    CHECK_FALSE(read("a", {start.epoch + 1, 9}).reaches);
    CHECK_FALSE(read("a", {0, 0}).reaches);
    auto refused = read("a", {start.epoch, 2});
    CHECK(refused.newest == history_position{start.epoch, 10});
    CHECK(refused.events.empty());
    CHECK_FALSE(read("unknown", {start.epoch, 0}).reaches);
  }

  void bytes_are_bounded() {
    history_limits limits{.max_bytes = 200};
    auto start = follow("a", limits);
    append_many("a", 20, limits);
    auto first = std::uint64_t{0};
    while (!read("a", {start.epoch, first}).reaches)
      ++first;
    std::size_t bytes = 0;
    for (auto& x : read("a", {start.epoch, first}).events)
      bytes += x.frame.size();
    CHECK(bytes <= 200);
    CHECK(bytes > 100);
  }

  void what_is_asked_first_is_stored_first() {
    auto start = follow("a");
    std::vector<int> told;
    for (int i = 0; i < 20; ++i)
      begin_append({"a"}, std::to_string(i))->then = [&told, i] {
        told.push_back(i);
      };
    settle_();
    auto got = read("a", start);
    REQUIRE(got.events.size() == 20);
    for (int i = 0; i < 20; ++i)
      CHECK(got.events[static_cast<std::size_t>(i)].base == std::to_string(i));
    CHECK(std::is_sorted(told.begin(), told.end()));
  }

  void an_event_stands_under_all_of_its_topics() {
    auto a = follow("a");
    auto b = follow("b");
    append({"a"});
    auto at = append({"a", "b"});
    CHECK(at == std::vector<history_position>{{a.epoch, 2}, {b.epoch, 1}});
    std::vector<event_place> places{{"a", at[0]}, {"b", at[1]}};
    for (auto& got : {read("a", {a.epoch, 1}), read("b", b)}) {
      REQUIRE(got.events.size() == 1);
      REQUIRE(got.events.front().elsewhere != nullptr);
      CHECK(*got.events.front().elsewhere == places);
    }
  }

  void an_epoch_does_not_come_back() {
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 100; ++i)
      CHECK(seen.insert(follow("topic " + std::to_string(i)).epoch).second);
  }

  /// Each of four threads stores its own in order, each with a neighbour, and
  /// what is read has each once.
  void threads_may_append() {
    constexpr std::uint64_t each = 200;
    std::vector<history_position> begin;
    for (auto name : {"t0", "t1", "t2", "t3"})
      begin.push_back(follow(name));
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([this, t] {
        std::string mine = "t" + std::to_string(t);
        std::string next = "t" + std::to_string((t + 1) % 4);
        for (std::uint64_t i = 0; i < each; ++i)
          begin_append({mine, next}, "{\"by\":" + std::to_string(t)
                                       + ",\"i\":" + std::to_string(i));
      });
    for (auto& x : threads)
      x.join();
    settle_();
    for (std::size_t t = 0; t < 4; ++t) {
      auto got = read("t" + std::to_string(t), begin[t]);
      REQUIRE(got.events.size() == 2 * each);
      std::uint64_t mine = 0;
      std::uint64_t offset = 0;
      for (auto& x : got.events) {
        CHECK(x.offset == ++offset);
        auto want = "{\"by\":" + std::to_string(t)
                    + ",\"i\":" + std::to_string(mine);
        if (x.base == want)
          ++mine;
      }
      CHECK(mine == each);
    }
  }

  // -- what a test does -------------------------------------------------------

  history_position follow(std::string_view topic, history_limits limits = {}) {
    return answer<history_position>(
      [&](auto then) { engine_.follow(topic, limits, std::move(then)); });
  }

  history_slice read(std::string_view topic, history_position after,
                     std::size_t max_bytes = 1'000'000) {
    return answer<history_slice>([&](auto then) {
      engine_.read(topic, after, max_bytes, std::move(then));
    });
  }

  std::vector<history_position> append(std::vector<std::string> topics,
                                       std::string base = "{\"payload\":0",
                                       history_limits limits = {}) {
    auto what = begin_append(std::move(topics), std::move(base), limits);
    settle_();
    REQUIRE(what->done);
    std::vector<history_position> result;
    for (auto& x : what->targets) {
      CHECK(x.kept.offset == x.at.offset);
      result.push_back(x.at);
    }
    return result;
  }

  void append_many(const std::string& topic, int count,
                   history_limits limits = {}) {
    for (int i = 0; i < count; ++i)
      append({topic}, "{\"payload\":0", limits);
  }

private:
  struct test_append final : history_append {
    std::string_view base() const noexcept override {
      return text;
    }

    void stored(caf::error why) override {
      done = !why;
      if (then)
        then();
    }

    std::vector<std::string> names;
    std::string text;
    bool done = false;
    std::function<void()> then;
  };

  std::shared_ptr<test_append> begin_append(std::vector<std::string> topics,
                                            std::string base,
                                            history_limits limits = {}) {
    auto what = std::make_shared<test_append>();
    what->names = std::move(topics);
    what->text = std::move(base);
    for (auto& x : what->names)
      what->targets.push_back({x, limits});
    engine_.append(what);
    return what;
  }

  template <class T, class F>
  T answer(F ask) {
    std::optional<caf::expected<T>> result;
    ask([&](caf::expected<T> x) { result.emplace(std::move(x)); });
    settle_();
    REQUIRE(result);
    REQUIRE(*result);
    return std::move(**result);
  }

  history_engine& engine_;
  std::function<void()> settle_;
};

} // namespace flamigo
