// Lists of receivers that are put together.

#include "flamigo/bus/detail/receivers.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>

#include "flamigo/bus/detail/home_unit.hpp"
#include "flamigo/bus/detail/homed_actor.hpp"
#include "flamigo/testing/actor_fixture.hpp"

using namespace flamigo;
using detail::receivers_ptr;

namespace {

/// Somebody at home in a thread, who is never told anything.
struct resident final : detail::homed_actor {
  explicit resident(detail::home_unit* where) : unit(where) {
  }

  detail::home_unit* home() const noexcept override {
    return unit;
  }

  void hear(const event_ptr&) override {
  }

  void accept_event(const event_ptr&) override {
  }

  void accept_message(caf::mailbox_element_ptr) override {
  }

  void overrun() override {
  }

  detail::home_unit* unit;
};

struct idle_unit final : detail::home_unit {
  using home_unit::home_unit;

  void exec_later(caf::resumable*) override {
  }

  void wake() override {
  }
};

struct fixture : testing::actor_fixture {
  fixture() {
    for (int i = 0; i < 60; ++i)
      actors.push_back(caf::actor_cast<caf::strong_actor_ptr>(
        system.spawn<caf::lazy_init>([](caf::event_based_actor*) {
          return caf::behavior{[](int x) { return x; }};
        })));
  }

  /// Those of these numbers, at home in a thread or nowhere.
  receivers_ptr list(std::size_t from, std::size_t to,
                     detail::homed_actor* actor) {
    boost::intrusive_ptr<detail::receivers> result{new detail::receivers};
    for (auto i = from; i < to; ++i)
      result->add(actors[i], actor);
    return result;
  }

  std::multiset<std::size_t> numbers(const receivers_ptr& all) {
    std::multiset<std::size_t> result;
    all->for_each([&](auto& who) {
      auto i = std::find(actors.begin(), actors.end(), who);
      result.insert(static_cast<std::size_t>(i - actors.begin()));
    });
    return result;
  }

  std::multiset<std::size_t> up_to(std::size_t end) {
    std::multiset<std::size_t> result;
    for (std::size_t i = 0; i < end; ++i)
      result.insert(i);
    return result;
  }

  receivers_ptr merged(std::vector<receivers_ptr> parts) {
    return detail::merge(parts);
  }

  std::vector<caf::strong_actor_ptr> actors;
  idle_unit here{&system};
  idle_unit there{&system};
  resident near{&here};
  resident far{&there};
};

} // namespace

TEST_CASE("a list that has all of the others is the result") {
  fixture f;
  auto all = f.list(0, 40, &f.near);
  CHECK(f.merged({f.list(3, 5, &f.near), all, f.list(4, 6, &f.near)}) == all);
}

TEST_CASE("who is in several lists is in the result once") {
  fixture f;
  auto result = f.merged(
    {f.list(0, 30, &f.near), f.list(20, 50, &f.near), f.list(10, 52, nullptr)});
  CHECK(f.numbers(result) == f.up_to(52));
  CHECK(result->size() == 52);
}

TEST_CASE("many who are told together are not copied for one more") {
  fixture f;
  auto many = f.list(0, 40, &f.near);
  auto with_other = f.merged({f.list(40, 41, nullptr), many});
  CHECK(f.numbers(with_other) == f.up_to(41));
  REQUIRE(with_other->homed.size() == 1);
  CHECK(with_other->homed.front() == many->homed.front());
  // Nor if he has the same home, who makes a list of his own.
  auto with_neighbour = f.merged({many, f.list(39, 41, &f.near)});
  CHECK(f.numbers(with_neighbour) == f.up_to(41));
  REQUIRE(with_neighbour->homed.size() == 2);
  CHECK(with_neighbour->homed.back() == many->homed.front());
  CHECK(many->size() == 40);
}

TEST_CASE("a few at one home are told together") {
  fixture f;
  auto few = f.list(0, 5, &f.near);
  auto result = f.merged({few, f.list(5, 7, &f.near), f.list(7, 9, &f.far)});
  CHECK(f.numbers(result) == f.up_to(9));
  CHECK(result->homed.size() == 2);
  CHECK(few->size() == 5);
}
