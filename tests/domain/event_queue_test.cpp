#include "flamigo/domain/detail/event_queue.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <new>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/bus/detail/typed_event.hpp"
#include "support/events.hpp"

using namespace flamigo;
using detail::event_queue;
using test::posted;
using verdict = event_queue::verdict;

namespace {

event_ptr make_event(std::string room, int number) {
  return *detail::make_event(posted{std::move(room), std::to_string(number)},
                             {{}, backend_claims()});
}

verdict add(event_queue& to, std::string room, int number) {
  event_queue::entry what{make_event(std::move(room), number)};
  return to.add(what, [] {});
}

/// What several threads have put, while this one takes.
struct tally {
  static constexpr int publishers = 3;
  static constexpr int each = 2'000;

  void run(event_queue& queue) {
    std::atomic<int> lost = 0;
    std::atomic<int> replaced = 0;
    std::atomic<int> running = publishers;
    std::vector<std::thread> threads;
    for (int i = 0; i < publishers; ++i)
      threads.emplace_back([&, i] {
        for (int number = 1; number <= each; ++number) {
          auto result = add(queue, std::to_string(i), number);
          lost += result == verdict::dropped;
          replaced += result == verdict::replaced;
        }
        --running;
      });
    for (;;) {
      // In this order: what was put before the last one has ended is found.
      auto ended = running == 0;
      auto next = queue.take();
      if (next)
        take(*next);
      else if (ended)
        break;
      most = std::max(most, queue.size());
    }
    for (auto& x : threads)
      x.join();
    total = taken + lost + replaced;
  }

  void take(const event_queue::entry& what) {
    auto& content = *what.what->get_if<posted>();
    auto& last = latest[static_cast<std::size_t>(std::stoi(content.room))];
    auto number = std::stoi(content.text);
    in_order = in_order && number > last;
    last = number;
    ++taken;
  }

  std::array<int, publishers> latest = {};
  bool in_order = true;
  int taken = 0;
  int total = 0;
  std::size_t most = 0;
};

} // namespace

TEST_CASE("each event is taken in order or told to be lost") {
  event_queue queue{10, event_overflow::drop_oldest()};
  tally all;
  all.run(queue);
  CHECK(all.in_order);
  CHECK(all.total == tally::publishers * tally::each);
  CHECK(all.most <= 10);
  // The last of all is never the one that is dropped.
  CHECK(*std::max_element(all.latest.begin(), all.latest.end()) == tally::each);
}

TEST_CASE("each event is taken in order, replaced or lost") {
  event_queue queue{
    tally::publishers,
    event_overflow::coalesce([](const posted& what) { return what.room; })};
  tally all;
  all.run(queue);
  CHECK(all.in_order);
  CHECK(all.total == tally::publishers * tally::each);
  CHECK(all.most <= tally::publishers);
}

TEST_CASE("a closed queue takes nothing, and knows who has asked") {
  event_queue queue{10, event_overflow::drop_oldest()};
  REQUIRE(add(queue, "a", 1) == verdict::added);
  CHECK(queue.close().empty());
  CHECK(queue.size() == 0);
  CHECK_FALSE(queue.take());
  event_queue::entry late{make_event("a", 2)};
  CHECK(queue.add(late, [] {}) == verdict::closed);
  // It is still there for whoever has to do something else with it.
  CHECK(late.what != nullptr);
}

TEST_CASE("an event that cannot be given its turn does not wait for one") {
  event_queue queue{
    10, event_overflow::coalesce([](const posted& what) { return what.room; })};
  auto fail = [] { throw std::bad_alloc{}; };
  REQUIRE(add(queue, "a", 1) == verdict::added);
  event_queue::entry next{make_event("a", 2)};
  CHECK_THROWS_AS(queue.add(next, fail), std::bad_alloc);
  CHECK(queue.size() == 1);
  REQUIRE(add(queue, "a", 3) == verdict::added);
  CHECK(queue.take()->what->get_if<posted>()->text == "1");
  CHECK(queue.take()->what->get_if<posted>()->text == "3");
  CHECK_FALSE(queue.take());
}

TEST_CASE("a queue for nothing drops all") {
  event_queue queue{0, event_overflow::drop_oldest()};
  CHECK(add(queue, "a", 1) == verdict::dropped);
  CHECK_FALSE(queue.take());
}
