#include "flamigo/cluster/detail/note_log.hpp"

#include <set>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/cluster/detail/node_frame.hpp"
#include "flamigo/cluster/detail/note_copy.hpp"

using namespace flamigo;

using wish_log = detail::note_log<detail::wish_note>;
using member_log = detail::note_log<detail::member_note>;
using texts = std::vector<std::string>;

TEST_CASE("changes are told once, in one note") {
  wish_log uut;
  CHECK(uut.put("a"));
  CHECK_FALSE(uut.put("b"));
  auto notes = uut.take();
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].version == 1);
  CHECK(notes[0].added.size() == 2);
  CHECK(notes[0].removed.empty());
  CHECK_FALSE(notes[0].begins);
  CHECK_FALSE(notes[0].ends);
  CHECK(uut.take().empty());
  CHECK(uut.version() == 1);
  CHECK(uut.erase("a"));
  notes = uut.take();
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].removed == texts{"a"});
  CHECK(uut.size() == 1);
}

TEST_CASE("a wish that has gone before it was told was none") {
  wish_log uut;
  uut.put("a");
  uut.erase("a");
  CHECK(uut.take().empty());
  CHECK(uut.version() == 0);
  uut.put("a");
  uut.take();
  uut.erase("a");
  uut.put("a");
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
    uut.put(text);
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

TEST_CASE("an entry that says something else is told again") {
  member_log uut;
  uut.put({"c1*a*u:1", {"1"}, 10, 100});
  uut.take();
  uut.put({"c1*a*u:1", {"1"}, 10, 100});
  CHECK(uut.take().empty());
  uut.put({"c1*a*u:1", {"2"}, 11, 100});
  auto notes = uut.take();
  REQUIRE(notes.size() == 1);
  REQUIRE(notes[0].added.size() == 1);
  CHECK(notes[0].added[0].state.text == "2");
  CHECK(notes[0].removed.empty());
  CHECK(uut.size() == 1);
}

namespace {

/// What is known elsewhere of a node's wishes.
struct copy {
  void take(detail::wish_note note) {
    all.take(
      std::move(note),
      [this](const std::string& x) {
        now.insert(x);
        return x != "bad";
      },
      [this](const std::string& x) { now.erase(x); });
  }

  detail::note_copy<detail::wish_note> all;
  std::set<std::string> now;
};

detail::wish_note part(std::vector<std::string> added, bool begins, bool ends) {
  return {1, std::move(added), {}, begins, ends};
}

using names = std::set<std::string>;

} // namespace

TEST_CASE("a list takes the place of what was known before") {
  copy uut;
  uut.take({1, {"a", "b"}, {}, false, false});
  CHECK(uut.now == names{"a", "b"});
  CHECK_FALSE(uut.all.is_complete());
  uut.take(part({"b"}, true, false));
  CHECK(uut.now == names{"a", "b"});
  // It changes meanwhile.
  uut.take({2, {"d"}, {}, false, false});
  uut.take(part({"c"}, false, true));
  CHECK(uut.now == names{"b", "c", "d"});
  CHECK(uut.all.is_complete());
  uut.take({3, {}, {"c", "x"}, false, false});
  CHECK(uut.now == names{"b", "d"});
}

TEST_CASE("a list of which a part is missing takes nothing away") {
  copy uut;
  uut.take(part({"a", "b", "c"}, true, true));
  uut.take(part({"a"}, true, false));
  uut.all.miss();
  uut.take(part({"c"}, false, true));
  CHECK(uut.now == names{"a", "b", "c"});
  CHECK_FALSE(uut.all.is_complete());
  uut.take(part({"c"}, true, true));
  CHECK(uut.now == names{"c"});
  CHECK(uut.all.is_complete());
}
