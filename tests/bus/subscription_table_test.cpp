#include "flamigo/bus/detail/subscription_table.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>

#include "flamigo/testing/actor_fixture.hpp"
#include "flamigo/topic/topic_pattern.hpp"

using namespace flamigo;
using detail::subscription_table;

namespace {

using ids = std::multiset<caf::actor_id>;

struct fixture : testing::actor_fixture {
  explicit fixture(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      auto who = system.spawn([](caf::event_based_actor* self) {
        self->set_default_handler(caf::drop);
        return caf::behavior{[](caf::unit_t) {}};
      });
      actors.push_back(caf::actor_cast<caf::strong_actor_ptr>(who));
    }
    run();
  }

  ids match(std::vector<topic> topics) {
    ids result;
    if (auto all = table.match(topics))
      all->for_each([&](auto& who) { result.insert(who->id()); });
    return result;
  }

  std::vector<caf::strong_actor_ptr> actors;
  subscription_table table;
};

/// A topic or pattern of up to four segments out of few, so that much matches.
std::string random_text(std::mt19937& random, bool wildcards) {
  std::string result;
  for (auto left = 1 + random() % 4; left > 0; --left) {
    if (!result.empty())
      result += '/';
    auto what = random() % (wildcards ? 5 : 3);
    result += what < 3 ? std::string(1, static_cast<char>('a' + what)) : "*";
  }
  return result;
}

/// The same, now and then of one topic alone.
std::string random_wish(std::mt19937& random) {
  if (random() % 3 != 0)
    return random_text(random, true);
  return random_text(random, false) + "/"
         + std::string{subscription_table::exact_segment};
}

bool wants(const std::string& wish, const topic& what) {
  std::string end = "/" + std::string{subscription_table::exact_segment};
  if (wish.ends_with(end))
    return what.text() + end == wish;
  return topic_pattern{wish}.matches(what);
}

} // namespace

TEST_CASE("the table agrees with asking every pattern") {
  fixture f{8};
  std::mt19937 random{42};
  std::map<caf::actor_id, std::set<std::string>> oracle;
  for (int round = 0; round < 20'000; ++round) {
    auto& who = f.actors[random() % f.actors.size()];
    auto pattern = random_wish(random);
    auto& mine = oracle[who->id()];
    switch (random() % 8) {
      case 0:
      case 1:
        REQUIRE((f.table.add(who, pattern) != subscription_table::added::no)
                == mine.insert(pattern).second);
        break;
      case 2:
        REQUIRE(f.table.remove(who->id(), pattern)
                == (mine.erase(pattern) > 0));
        break;
      case 3:
        if (random() % 50 == 0) {
          f.table.forget(who->id());
          mine.clear();
        }
        break;
      default: {
        std::vector<topic> topics;
        for (auto left = 1 + random() % 3; left > 0; --left)
          topics.emplace_back(random_text(random, false));
        ids expected;
        for (auto& [id, patterns] : oracle) {
          auto matches = [&topics](auto& text) {
            return std::any_of(topics.begin(), topics.end(),
                               [&text](auto& x) { return wants(text, x); });
          };
          if (std::any_of(patterns.begin(), patterns.end(), matches))
            expected.insert(id);
        }
        REQUIRE(f.match(topics) == expected);
        REQUIRE(f.table.count(who->id()) == mine.size());
      }
    }
  }
  for (auto& who : f.actors)
    f.table.forget(who->id());
  CHECK(f.table.nodes() == 0);
}

TEST_CASE("who gets an event stays as it was when the table changes") {
  fixture f{2};
  f.table.add(f.actors[0], "a");
  topic where{"a"};
  auto before = f.table.match({&where, 1});
  f.table.add(f.actors[1], "a");
  f.table.remove(f.actors[0]->id(), "a");
  REQUIRE(before->size() == 1);
  CHECK(before->scheduled.front() == f.actors[0]);
  CHECK(f.match({where}) == ids{f.actors[1]->id()});
}

TEST_CASE("a million topics that were subscribed and left leave nothing") {
  fixture f{1};
  for (int i = 0; i < 1'000'000; ++i) {
    auto name = "users/" + std::to_string(i) + "/profile";
    f.table.add(f.actors[0], name);
    f.table.remove(f.actors[0]->id(), name);
  }
  CHECK(f.table.nodes() == 0);
  CHECK(f.table.count(f.actors[0]->id()) == 0);
}

TEST_CASE("the largest patterns are found and forgotten") {
  fixture f{1};
  auto& who = f.actors[0];
  // As long and as deep as possible.
  auto large = [](std::size_t number, char fill) {
    auto first = std::to_string(number);
    first.resize(topic::max_bytes / topic::max_segments, 'x');
    std::string result = first;
    for (std::size_t i = 1; i < topic::max_segments; ++i)
      result += "/"
                + std::string(topic::max_bytes / topic::max_segments - 1, fill);
    return result;
  };
  constexpr std::size_t count = 128;
  for (std::size_t i = 0; i < count; ++i)
    f.table.add(who, topic_pattern{large(i, 'x')}.text());
  CHECK(large(0, 'x').size() == topic::max_bytes);
  CHECK(f.table.nodes() == count * topic::max_segments);
  CHECK(f.match({topic{large(5, 'x')}}) == ids{who->id()});
  CHECK(f.match({topic{large(5, 'y')}}).empty());
  // Both ways are walked at each of 32 segments, which branch no further.
  auto stars = std::string{"*"};
  for (std::size_t i = 1; i < topic::max_segments; ++i)
    stars += "/*";
  f.table.add(who, topic_pattern{stars}.text());
  CHECK(f.match({topic{large(5, 'x')}}) == ids{who->id()});
  CHECK(f.match({topic{large(5, 'y')}}) == ids{who->id()});
  f.table.forget(who->id());
  CHECK(f.table.nodes() == 0);
}

TEST_CASE("a closed table has nobody and takes nobody") {
  fixture f{2};
  for (int i = 0; i < 1'000; ++i)
    f.table.add(f.actors[0], "a/" + std::to_string(i));
  REQUIRE(f.match({topic{"a/7"}}) == ids{f.actors[0]->id()});
  f.table.close();
  CHECK(f.match({topic{"a/7"}}).empty());
  CHECK(f.table.nodes() == 0);
  CHECK(f.table.add(f.actors[1], "a") == subscription_table::added::no);
  CHECK_FALSE(f.table.remove(f.actors[0]->id(), "a/7"));
  f.table.forget(f.actors[0]->id());
  CHECK(f.match({topic{"a"}}).empty());
}

TEST_CASE("who has left is not held any longer") {
  fixture f{2};
  auto& who = f.actors[0];
  auto refs = [&who] { return who->strong_refs.load(); };
  auto before = refs();
  f.table.add(f.actors[1], "a");
  for (int i = 0; i < 2; ++i) {
    f.table.add(who, "a");
    f.table.add(who, "b");
    // Makes the lists.
    f.match({topic{"a"}, topic{"b"}});
    CHECK(refs() > before);
    f.table.remove(who->id(), "a");
    f.table.remove(who->id(), "b");
    // Its end is watched already, and must not be kept from coming.
    CHECK(refs() == before);
    CHECK(f.table.add(who, "b") == subscription_table::added::yes);
    CHECK(f.match({topic{"b"}}).size() == 1);
    f.table.forget(who->id());
    CHECK(refs() == before);
  }
  f.table.add(who, "a");
  f.match({topic{"a"}});
  f.table.forget(who->id());
  CHECK(refs() == before);
  f.table.add(who, "a");
  f.match({topic{"a"}});
  f.table.close();
  CHECK(refs() == before);
}

// -- several threads ----------------------------------------------------------

namespace {

/// Runs `change` in each round while others run `ask` all the time.
template <class Change, class Ask>
void change_beside(int rounds, Change change, Ask ask) {
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i)
    readers.emplace_back([&] {
      while (!done)
        ask();
    });
  for (int i = 0; i < rounds; ++i)
    change(i);
  done = true;
  for (auto& x : readers)
    x.join();
}

} // namespace

TEST_CASE("who stays is found once while others come and go") {
  fixture f{6};
  auto stays = f.actors[0]->id();
  auto never = f.actors[1]->id();
  // By two ways.
  f.table.add(f.actors[0], "a/b");
  f.table.add(f.actors[0], "a/*/c");
  f.table.add(f.actors[1], "a/c");
  std::atomic<int> wrong = 0;
  std::atomic<int> asked = 0;
  change_beside(
    300,
    [&](int round) {
      auto& who = f.actors[2 + static_cast<std::size_t>(round) % 4];
      // Those found, and so many others that the index grows and shrinks.
      for (auto pattern : {"a", "a/b", "a/b/c", "*", "*/b"})
        f.table.add(who, pattern);
      for (int i = 0; i < 40; ++i)
        f.table.add(who, "a/b/c/" + std::to_string(i));
      f.table.remove(who->id(), "a/b");
      if (round % 3 != 0)
        f.table.forget(who->id());
    },
    [&] {
      auto found = f.match({topic{"a/b/c"}, topic{"a/b"}});
      auto once = [&found](auto& who) { return found.count(who->id()) <= 1; };
      if (found.count(stays) != 1 || found.count(never) != 0
          || !std::all_of(f.actors.begin(), f.actors.end(), once))
        ++wrong;
      ++asked;
    });
  CHECK(wrong == 0);
  CHECK(asked > 0);
}

TEST_CASE("who moves from one pattern to another is never missed") {
  fixture f{1};
  auto& who = f.actors[0];
  f.table.add(who, "last");
  // Long enough for somebody to come to the first while the last is not yet
  // looked at.
  std::vector<topic> topics{topic{"first"}};
  for (int i = 0; i < 100; ++i)
    topics.emplace_back("between/" + std::to_string(i));
  topics.emplace_back("last");
  std::atomic<int> missed = 0;
  change_beside(
    3'000,
    [&](int round) {
      f.table.add(who, round % 2 == 0 ? "first" : "last");
      f.table.remove(who->id(), round % 2 == 0 ? "last" : "first");
    },
    [&] {
      if (f.match(topics) != ids{who->id()})
        ++missed;
    });
  CHECK(missed == 0);
}

TEST_CASE("what was added before is found, what was removed is not") {
  fixture f{2};
  std::atomic<int> latest = -1;
  std::atomic<int> removed = -1;
  std::atomic<int> wrong = 0;
  auto name = [](int i) { return "n/" + std::to_string(i); };
  change_beside(
    3'000,
    [&](int round) {
      f.table.add(f.actors[0], name(round));
      latest = round;
      if (round >= 100) {
        f.table.remove(f.actors[0]->id(), name(round - 100));
        removed = round - 100;
      }
    },
    [&] {
      if (auto i = removed.load(); i >= 0 && !f.match({topic{name(i)}}).empty())
        ++wrong;
      auto i = latest.load();
      if (i < 0)
        return;
      // It may have been removed meanwhile, but not before a hundred others
      // were added.
      if (f.match({topic{name(i)}}).empty() && latest < i + 100)
        ++wrong;
    });
  CHECK(wrong == 0);
}

TEST_CASE("those are found that most want") {
  fixture f{3};
  auto add = [&](std::size_t who, const std::string& pattern) {
    f.table.add(f.actors[who], pattern);
  };
  for (std::size_t i : {0u, 1u, 2u})
    add(i, "rooms/*/posts");
  for (std::size_t i : {1u, 2u})
    add(i, "rooms/7/" + std::string{subscription_table::exact_segment});
  add(0, "rooms");
  // More than are looked at in one go.
  for (int i = 0; i < 3'000; ++i)
    add(2, "users/" + std::to_string(i));
  auto text = [](const std::vector<topic_use>& all) {
    std::string result;
    for (auto& x : all)
      result += x.text + (x.exactly ? "! " : " ")
                + std::to_string(x.subscribers) + ", ";
    return result;
  };
  CHECK(text(f.table.most_wanted(4, {}))
        == "rooms/*/posts 3, rooms/7! 2, rooms 1, users/0 1, ");
  CHECK(text(f.table.most_wanted(10, "s/299"))
        == "users/299 1, users/2990 1, users/2991 1, users/2992 1, "
           "users/2993 1, users/2994 1, users/2995 1, users/2996 1, "
           "users/2997 1, users/2998 1, ");
  CHECK(f.table.most_wanted(0, {}).empty());
  f.table.forget(f.actors[2]->id());
  CHECK(text(f.table.most_wanted(10, {}))
        == "rooms/*/posts 2, rooms 1, rooms/7! 1, ");
}
