// Who comes and goes while memory runs short is there or is not, and whoever is
// told of it has the same list.

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/presence/detail/presence_rooms.hpp"
#include "support/memory_shortage.hpp"

using namespace flamigo;
using test::fails_with;

namespace {

using people = std::vector<presence_entry>;

/// Texts that need memory.
std::string long_text(const std::string& of) {
  return of + std::string(40, '.');
}

struct place {
  void set(const std::string& id, const std::string& key,
           const std::string& state, const std::string& before = {}) {
    rooms.set("a", {id, key, state}, before, 10'000);
  }

  people list() {
    auto result = rooms.list("a").entries;
    std::sort(result.begin(), result.end(),
              [](auto& x, auto& y) { return x.key < y.key; });
    return result;
  }

  /// What has changed, told to somebody who had the list of before.
  void tell() {
    for (std::size_t i = 0; i < rooms.parts; ++i)
      for (auto& change : rooms.take_changes(i)) {
        auto is_in = [&change](auto& x) {
          auto& left = change.left;
          return std::find(left.begin(), left.end(), x.key) != left.end()
                 || std::any_of(change.joined.begin(), change.joined.end(),
                                [&x](auto& y) { return x.key == y.key; });
        };
        std::erase_if(known, is_in);
        known.insert(known.end(), change.joined.begin(), change.joined.end());
      }
    std::sort(known.begin(), known.end(),
              [](auto& x, auto& y) { return x.key < y.key; });
  }

  detail::presence_rooms rooms;
  people known;
};

/// Tries something with one piece of memory after the other, where so many are.
template <class F>
void run_short_of(F what, std::size_t without, std::size_t with) {
  auto one = long_text("u:1");
  auto two = long_text("u:2");
  int n = 0;
  for (auto failed = true; failed; ++n) {
    CAPTURE(n);
    place where;
    if (without > 0)
      where.set("c1", one, long_text("1"));
    where.tell();
    failed = fails_with(n, [&] { what(where, one, two); });
    auto there = where.list();
    CHECK(there.size() == (failed ? without : with));
    where.tell();
    CHECK(where.known == there);
    for (auto& key : {one, two})
      for (auto id : {"c1", "c2"})
        where.rooms.remove("a", key, id);
    where.tell();
    CHECK(where.known.empty());
  }
  CHECK(n > 3);
}

} // namespace

TEST_CASE("who comes when memory runs short is there or not") {
  auto come = [](place& where, auto&, auto& two) {
    where.set("c2", two, long_text("2"));
  };
  run_short_of(come, 0, 1);
  run_short_of(come, 1, 2);
}

TEST_CASE("so it is for another connection of who is there") {
  auto come = [](place& where, auto& one, auto&) {
    where.set("c2", one, long_text("2"));
  };
  run_short_of(come, 1, 1);
}

TEST_CASE("who is somebody else meanwhile is one of them at most") {
  auto one = long_text("u:1");
  auto two = long_text("u:2");
  for (int n = 0;; ++n) {
    CAPTURE(n);
    place where;
    where.set("c1", one, long_text("1"));
    where.tell();
    auto failed
      = fails_with(n, [&] { where.set("c1", two, long_text("2"), one); });
    auto there = where.list();
    CHECK(there.size() <= 1);
    where.tell();
    CHECK(where.known == there);
    if (!failed)
      break;
  }
}

TEST_CASE("those who leave need no memory") {
  place where;
  for (int i = 0; i < 100; ++i) {
    where.set("c" + std::to_string(i), "u:" + std::to_string(i), "{}");
    where.tell();
  }
  CHECK_FALSE(fails_with(0, [&] {
    for (int i = 0; i < 10; ++i) {
      char id[] = {'c', static_cast<char>('0' + i), '\0'};
      char key[] = {'u', ':', static_cast<char>('0' + i), '\0'};
      where.rooms.remove("a", key, id);
    }
  }));
  where.tell();
  CHECK(where.known.size() == 90);
}
