#include "flamigo/cluster/detail/journal_state.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/cluster/detail/journal_numbers.hpp"

using namespace flamigo;
using flamigo::detail::journal_frame;
using flamigo::detail::journal_numbers;
using flamigo::detail::journal_state;
using verdict = flamigo::detail::journal_state::verdict;

namespace {

journal_frame beginning(std::uint64_t seen) {
  journal_frame result;
  result.begin = detail::begin_note{7, seen};
  return result;
}

journal_frame event_of(std::string writer, std::uint64_t number) {
  journal_frame result;
  result.from = std::move(writer);
  result.number = number;
  result.event.emplace();
  return result;
}

struct fixture {
  verdict take(const journal_frame& what) {
    return uut.take(++seq, &what);
  }

  journal_state uut;
  std::uint64_t seq = 0;
};

} // namespace

TEST_CASE_METHOD(fixture, "nothing counts before something has begun") {
  CHECK(take(event_of("a", 1)) == verdict::skipped);
  CHECK_FALSE(uut.is_known());
  CHECK(take(beginning(1)) == verdict::begins);
  CHECK(take(event_of("a", 1)) == verdict::counts);
}

TEST_CASE_METHOD(fixture, "of several beginnings at once the first one holds") {
  CHECK(take(beginning(0)) == verdict::begins);
  CHECK(take(event_of("a", 1)) == verdict::counts);
  CHECK(take(beginning(0)) == verdict::skipped);
  CHECK(take(event_of("a", 2)) == verdict::counts);
  CHECK(take(beginning(4)) == verdict::begins);
  CHECK(take(event_of("a", 3)) == verdict::skipped);
}

TEST_CASE_METHOD(fixture,
                 "who has not read all does not know which was first") {
  uut.clear(6);
  seq = 5;
  CHECK(take(beginning(4)) == verdict::skipped);
  CHECK(take(beginning(5)) == verdict::begins);
}

TEST_CASE_METHOD(fixture, "of each writer the next one counts, once") {
  take(beginning(0));
  CHECK(take(event_of("a", 2)) == verdict::skipped);
  CHECK(take(event_of("a", 1)) == verdict::counts);
  CHECK(take(event_of("a", 1)) == verdict::skipped);
  CHECK(take(event_of("b", 1)) == verdict::counts);
  CHECK(take(event_of("a", 3)) == verdict::skipped);
  CHECK(take(event_of("a", 2)) == verdict::counts);
  CHECK(uut.take(++seq, nullptr) == verdict::skipped);
  CHECK(uut.written("a") == 2);
  CHECK(uut.written("c") == std::nullopt);
}

TEST_CASE_METHOD(fixture, "who is told of it decides in the same way") {
  take(beginning(0));
  take(event_of("a", 1));
  take(event_of("a", 5));
  journal_state other;
  other.restore(uut.note());
  CHECK(other.is_known());
  CHECK(other.seq() == 3);
  CHECK(other.note().skipped == std::vector<std::uint64_t>{3});
  auto next = event_of("a", 2);
  CHECK(other.take(4, &next) == verdict::counts);
  auto again = beginning(0);
  CHECK(other.take(5, &again) == verdict::skipped);
}

TEST_CASE_METHOD(fixture, "the writer that has not written for longest goes") {
  take(beginning(0));
  for (std::size_t i = 0; i < journal_state::max_writers; ++i)
    take(event_of("w" + std::to_string(i), 1));
  take(event_of("w0", 2));
  CHECK(take(event_of("new", 1)) == verdict::counts);
  CHECK(uut.written("w0") == 2);
  CHECK(uut.written("w1") == std::nullopt);
  CHECK(uut.written("w2") == 1);
}

TEST_CASE_METHOD(fixture, "of what did not count the newest is remembered") {
  take(beginning(0));
  for (std::size_t i = 0; i <= journal_state::max_skipped; ++i)
    take(event_of("a", 9));
  auto note = uut.note();
  CHECK(note.skipped.size() == journal_state::max_skipped);
  CHECK(note.exact_from == note.skipped.front());
}

TEST_CASE("topics that are too many begin anew with another epoch") {
  journal_numbers uut;
  uut.begin(100);
  std::uint64_t seq = 0;
  for (std::size_t i = 0; i < journal_numbers::max_topics; ++i) {
    uut.begin_event(++seq);
    uut.end_event({std::to_string(i)});
  }
  auto before = uut.newest("0");
  auto one_more = uut.newest("one more").epoch;
  CHECK(before.offset == 1);
  uut.begin_event(++seq);
  uut.end_event({"one more"});
  CHECK(uut.newest("0").epoch != before.epoch);
  CHECK(uut.newest("0").offset == 0);
  CHECK(uut.newest("one more") == history_position{one_more, 1});
  CHECK(uut.topics().size() == journal_numbers::max_topics * 3 / 4 + 1);
}

TEST_CASE("an event counts once under each of its topics") {
  journal_numbers uut;
  uut.begin(100);
  uut.begin_event(1);
  CHECK(uut.next("a").offset == 1);
  uut.end_event({"a", "b", "a"});
  CHECK(uut.newest("a").offset == 1);
  CHECK(uut.newest("b").offset == 1);
  CHECK(uut.take_back("a"));
  CHECK_FALSE(uut.take_back("a"));
  CHECK_FALSE(uut.take_back("c"));
}

TEST_CASE("no two topics have the same epoch, and all nodes have the same") {
  journal_numbers a;
  journal_numbers b;
  a.begin(100);
  std::set<std::uint64_t> epochs;
  for (auto i = 0; i < 1'000; ++i)
    epochs.insert(a.newest("rooms/" + std::to_string(i)).epoch);
  CHECK(epochs.size() == 1'000);
  CHECK_FALSE(epochs.contains(0));
  a.begin_event(1);
  CHECK(epochs.contains(a.next("rooms/1").epoch));
  a.end_event({"rooms/1"});
  b.restore(a.epoch(), a.topics());
  CHECK(b.newest("rooms/1") == a.newest("rooms/1"));
  CHECK(b.newest("rooms/2") == a.newest("rooms/2"));
}
