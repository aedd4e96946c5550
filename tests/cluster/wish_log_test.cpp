#include "flamigo/cluster/detail/wish_log.hpp"

#include <set>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

using flamigo::detail::wish_log;
using texts = std::vector<std::string>;

TEST_CASE("changes are told once, in one note") {
  wish_log uut;
  CHECK(uut.note("a", true));
  CHECK_FALSE(uut.note("b", true));
  auto notes = uut.take();
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].version == 1);
  CHECK(notes[0].added.size() == 2);
  CHECK(notes[0].removed.empty());
  CHECK_FALSE(notes[0].begins);
  CHECK_FALSE(notes[0].ends);
  CHECK(uut.take().empty());
  CHECK(uut.version() == 1);
  CHECK(uut.note("a", false));
  notes = uut.take();
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].removed == texts{"a"});
  CHECK(uut.size() == 1);
}

TEST_CASE("a wish that has gone before it was told was none") {
  wish_log uut;
  uut.note("a", true);
  uut.note("a", false);
  CHECK(uut.take().empty());
  CHECK(uut.version() == 0);
  uut.note("a", true);
  uut.take();
  uut.note("a", false);
  uut.note("a", true);
  CHECK(uut.take().empty());
}

TEST_CASE("a list has all, and says where it begins and ends") {
  wish_log uut;
  auto empty = uut.all();
  REQUIRE(empty.size() == 1);
  CHECK(empty[0].begins);
  CHECK(empty[0].ends);
  std::set<std::string> all;
  for (auto i = 0; i < 10'000; ++i) {
    auto text = "rooms/" + std::to_string(i);
    all.insert(text);
    uut.note(text, true);
  }
  uut.take();
  auto notes = uut.all();
  CHECK(notes.size() > 1);
  std::set<std::string> listed;
  for (auto& note : notes) {
    std::size_t bytes = 0;
    for (auto& x : note.added)
      bytes += x.size();
    CHECK(bytes < 64 * 1'024);
    CHECK(note.version == uut.version());
    CHECK(note.begins == (&note == &notes.front()));
    CHECK(note.ends == (&note == &notes.back()));
    listed.insert(note.added.begin(), note.added.end());
  }
  CHECK(listed == all);
}
