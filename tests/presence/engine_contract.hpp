#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/presence/presence_change.hpp"
#include "flamigo/presence/presence_engine.hpp"
#include "flamigo/testing/actor_fixture.hpp"
#include "flamigo/testing/event_log.hpp"

namespace flamigo {

/// What `presence_engine` promises, asked of any implementation that publishes
/// on the bus of the fixture: a test makes one of these, and calls `ask`, and
/// `those_of_a_process_that_ends_go` in a section of its own.
class presence_contract {
public:
  /// `settle` is called until the engine has answered, if it answers later, and
  /// `tell` until it has published what there is.
  presence_contract(testing::actor_fixture& in, presence_engine& engine,
                    std::function<void()> settle, std::function<void()> tell)
    : engine_(engine), settle_(std::move(settle)), tell_(std::move(tell)),
      log_(in) {
  }

  /// All that holds of any, in a section each.
  void ask() {
    SECTION("lists") {
      who_is_set_is_listed();
    }
    SECTION("keys") {
      a_key_leaves_with_its_last_connection();
    }
    SECTION("changes") {
      changes_come_together_and_in_order();
    }
    SECTION("come and gone") {
      who_comes_and_goes_is_not_told_of();
    }
    SECTION("somebody else") {
      who_is_somebody_else_is_in_one_change();
    }
    SECTION("bounded") {
      the_list_is_bounded();
    }
    SECTION("lists and changes") {
      lists_and_changes_fit();
    }
  }

  // -- the rules --------------------------------------------------------------

  void who_is_set_is_listed() {
    set("a", "c1", "u:1", "1");
    set("a", "c2", "u:2", "2");
    set("b", "c2", "u:2", "3");
    CHECK(list("a").entries == people{{"u:1", {"1"}}, {"u:2", {"2"}}});
    CHECK(list("b").entries == people{{"u:2", {"3"}}});
    CHECK(list("c").entries.empty());
    remove("a", "c1", "u:1");
    CHECK(list("a").entries == people{{"u:2", {"2"}}});
    // Of what it does not know.
    remove("a", "c1", "u:1");
    remove("a", "c2", "u:1");
    remove("c", "c2", "u:2");
    CHECK(list("a").entries == people{{"u:2", {"2"}}});
  }

  void a_key_leaves_with_its_last_connection() {
    set("a", "c1", "u:1", "1");
    set("a", "c2", "u:1", "2");
    CHECK(list("a").entries == people{{"u:1", {"2"}}});
    remove("a", "c2", "u:1");
    CHECK(list("a").entries == people{{"u:1", {"1"}}});
    set("a", "c1", "u:1", "4");
    CHECK(list("a").entries == people{{"u:1", {"4"}}});
    remove("a", "c1", "u:1");
    CHECK(list("a").entries.empty());
  }

  void changes_come_together_and_in_order() {
    set("a", "c1", "u:1", "1");
    set("a", "c2", "u:2", "2");
    auto first = changes("a");
    REQUIRE(first.size() == 1);
    CHECK(first[0].joined == people{{"u:1", {"1"}}, {"u:2", {"2"}}});
    CHECK(first[0].left.empty());
    set("a", "c2", "u:2", "3");
    remove("a", "c1", "u:1");
    auto then = changes("a");
    REQUIRE(then.size() == 1);
    CHECK(then[0].joined == people{{"u:2", {"3"}}});
    CHECK(then[0].left == std::vector<std::string>{"u:1"});
    CHECK(then[0].version > first[0].version);
    remove("a", "c2", "u:2");
    CHECK(changes("a").size() == 1);
    // It has been empty.
    set("a", "c1", "u:1", "1");
    auto anew = changes("a");
    REQUIRE(anew.size() == 1);
    CHECK(anew[0].version > then[0].version);
    CHECK(changes("a").empty());
  }

  void who_comes_and_goes_is_not_told_of() {
    set("a", "c1", "u:1", "1");
    remove("a", "c1", "u:1");
    settle_();
    CHECK(changes("a").empty());
    set("a", "c1", "u:1", "1");
    auto seen = list("a");
    CHECK(seen.entries.size() == 1);
    remove("a", "c1", "u:1");
    auto told = changes("a");
    REQUIRE(told.size() == 1);
    CHECK(told[0].left == std::vector<std::string>{"u:1"});
    CHECK(told[0].version > seen.version);
  }

  void who_is_somebody_else_is_in_one_change() {
    set("a", "c1", "c:c1", "1");
    changes("a");
    engine_.set("a", {"c1", "u:1", "2"}, "c:c1", max_bytes);
    settle_();
    auto told = changes("a");
    REQUIRE(told.size() == 1);
    CHECK(told[0].left == std::vector<std::string>{"c:c1"});
    CHECK(told[0].joined == people{{"u:1", {"2"}}});
  }

  void the_list_is_bounded() {
    for (int i = 0; i < 100; ++i)
      set("a", "c" + std::to_string(i), "u:" + std::to_string(i), "{}", 500);
    auto seen = list("a").entries;
    std::size_t bytes = 0;
    for (auto& x : seen)
      bytes += x.key.size() + x.state.text.size();
    CHECK(bytes <= 500);
    CHECK(seen.size() > 10);
    set("a", "c0", "u:0", std::string(500, '1'), 500);
    CHECK(list("a").entries == seen);
    // There is room again for those who come.
    remove("a", "c0", "u:0");
    set("a", "c99", "u:99", "{}", 500);
    CHECK(list("a").entries.back().key == "u:99");
  }

  /// Whoever applies the changes to a list has the list of then.
  void lists_and_changes_fit() {
    std::mt19937 random{4711};
    auto topic = topic_of("a");
    struct reader {
      presence_list at;
      bool listed = false;
    };
    std::vector<reader> readers(4);
    std::map<std::string, std::string> seen_as;
    std::size_t heard = 0;
    for (int round = 0; round < 2'000; ++round) {
      auto id = "c" + std::to_string(random() % 12);
      auto key = "u:" + std::to_string(random() % 6);
      auto& now = seen_as[id];
      switch (random() % 8) {
        case 0:
        case 1:
        case 2:
          engine_.set("a", {id, key, std::to_string(random() % 3)},
                      now == key ? std::string{} : now, max_bytes);
          now = key;
          break;
        case 3:
        case 4:
          if (!now.empty())
            engine_.remove("a", std::exchange(now, {}), id);
          break;
        case 5: {
          auto& x = readers[random() % readers.size()];
          x.at = list("a");
          x.listed = true;
          break;
        }
        default:
          if (random() % 2 == 0)
            settle_();
          else
            tell_();
      }
      for (auto& change : log_.all<presence_change>(topic)) {
        ++heard;
        for (auto& x : readers)
          if (x.listed)
            apply(x.at, change);
      }
    }
    settle_();
    tell_();
    for (auto& change : log_.all<presence_change>(topic))
      for (auto& x : readers)
        apply(x.at, change);
    auto want = sorted(list("a").entries);
    CHECK(heard > 100);
    for (auto& x : readers)
      CHECK(sorted(x.at.entries) == want);
  }

  /// `end` ends the process without a word whose engine `other` is, and lets
  /// half a minute pass.
  void those_of_a_process_that_ends_go(presence_engine& other,
                                       const std::function<void()>& end) {
    set("a", "c1", "u:1", "1");
    other.set("a", {"d1", "u:1", "2"}, {}, max_bytes);
    other.set("a", {"d2", "u:2", "2"}, {}, max_bytes);
    settle_();
    CHECK(list("a").entries == people{{"u:1", {"2"}}, {"u:2", {"2"}}});
    changes("a");
    end();
    CHECK(list("a").entries == people{{"u:1", {"1"}}});
    auto told = changes("a");
    REQUIRE(told.size() == 1);
    CHECK(told[0].left == std::vector<std::string>{"u:2"});
    CHECK(told[0].joined == people{{"u:1", {"1"}}});
  }

  // -- what a test does -------------------------------------------------------

  using people = std::vector<presence_entry>;

  void set(std::string channel, std::string id, std::string key,
           std::string state, std::size_t max = max_bytes) {
    engine_.set(channel, {std::move(id), std::move(key), std::move(state)}, {},
                max);
  }

  void remove(std::string_view channel, std::string_view id,
              std::string_view key) {
    engine_.remove(channel, key, id);
  }

  presence_list list(std::string_view channel) {
    std::optional<caf::expected<presence_list>> result;
    engine_.list(channel, [&result](caf::expected<presence_list> what) {
      REQUIRE_FALSE(result);
      result.emplace(std::move(what));
    });
    settle_();
    REQUIRE(result);
    REQUIRE(*result);
    return std::move(**result);
  }

  /// Those that are told of now.
  std::vector<presence_change> changes(const std::string& channel) {
    settle_();
    tell_();
    return log_.all<presence_change>(topic_of(channel));
  }

private:
  static constexpr std::size_t max_bytes = 100'000;

  static std::string topic_of(const std::string& channel) {
    return std::string{presence_change::all} + "/" + channel;
  }

  static void apply(presence_list& to, const presence_change& what) {
    if (what.version <= to.version)
      return;
    to.version = what.version;
    std::erase_if(to.entries, [&](auto& x) {
      auto is_same = [&x](auto& y) { return y.key == x.key; };
      return std::find(what.left.begin(), what.left.end(), x.key)
               != what.left.end()
             || std::any_of(what.joined.begin(), what.joined.end(), is_same);
    });
    for (auto& x : what.joined)
      to.entries.push_back(x);
  }

  static people sorted(people what) {
    std::sort(what.begin(), what.end(),
              [](auto& x, auto& y) { return x.key < y.key; });
    return what;
  }

  presence_engine& engine_;
  std::function<void()> settle_;
  std::function<void()> tell_;
  testing::event_log log_;
};

} // namespace flamigo
