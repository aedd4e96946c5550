#include "flamigo/history/detail/event_log.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "flamigo/json/detail/bytes_within.hpp"

using namespace flamigo;
using namespace flamigo::detail;
using namespace std::chrono_literals;

namespace {

using time_point = event_log::time_point;

struct entry {
  std::uint64_t offset;
  std::string frame;
  std::size_t base;
  time_point time;
  event_log::places_ptr places;
  bytes_finder finder;
};

/// The same in the simplest way.
struct oracle {
  void trim(const history_limits& limits, time_point now) {
    std::size_t bytes = 0;
    for (auto& x : all)
      bytes += x.frame.size();
    while (!all.empty()
           && (all.size() > limits.max_events || bytes > limits.max_bytes
               || now - all.front().time >= limits.max_age)) {
      bytes -= all.front().frame.size();
      all.pop_front();
    }
  }

  std::deque<entry> all;
};

} // namespace

TEST_CASE("a log has what was written, whatever was forgotten meanwhile") {
  auto seed = GENERATE_COPY(Catch::Generators::range(1u, 21u));
  std::mt19937 random{seed};
  auto pick = [&](std::size_t n) { return random() % n; };
  history_limits limits{pick(60), pick(20'000), std::chrono::seconds{pick(90)}};
  event_log log;
  oracle want;
  time_point now{1h};
  std::uint64_t newest = 0;
  for (int i = 0; i < 2'000; ++i) {
    now += std::chrono::milliseconds{pick(4'000)};
    std::string base(pick(20) == 0 ? pick(3'000) : pick(120), 'b');
    std::string rest(pick(30), static_cast<char>('a' + pick(26)));
    event_log::places_ptr places;
    if (pick(5) == 0)
      places = std::make_shared<std::vector<event_place>>(
        std::vector<event_place>{{"x", {1, newest + 1}}});
    auto finder = pick(5) == 0 ? detail::finder_of<flamigo::bytes>() : nullptr;
    auto kept = log.append(base, rest, places, now, finder);
    CHECK(kept.bytes == finder);
    CHECK(kept.offset == newest + 1);
    CHECK(kept.frame == base + rest);
    if (pick(10) == 0) {
      log.take_back();
    } else {
      ++newest;
      want.all.push_back(
        {newest, base + rest, base.size(), now, places, finder});
    }
    if (pick(3) == 0) {
      log.trim(limits, now);
      want.trim(limits, now);
    }
    REQUIRE(log.newest() == newest);
    REQUIRE(log.oldest() == newest + 1 - want.all.size());
    if (pick(5) != 0)
      continue;
    auto skip = pick(want.all.size() + 1);
    auto max = pick(4'000);
    auto got = log.read(log.oldest() - 1 + skip, max);
    std::size_t bytes = 0;
    std::size_t count = 0;
    for (auto x = want.all.begin() + static_cast<std::ptrdiff_t>(skip);
         x != want.all.end() && (count == 0 || bytes + x->frame.size() <= max);
         ++x, ++count) {
      bytes += x->frame.size();
      REQUIRE(count < got.size());
      CHECK(got[count].offset == x->offset);
      CHECK(got[count].frame == x->frame);
      CHECK(got[count].base == x->frame.substr(0, x->base));
      CHECK(got[count].elsewhere == x->places);
      CHECK(got[count].bytes == x->finder);
    }
    CHECK(got.size() == count);
  }
}

TEST_CASE("a log that has forgotten all has no memory of it") {
  event_log log;
  for (int i = 0; i < 1'000; ++i)
    log.append("base", "rest", nullptr, {});
  CHECK(log.bytes() > 0);
  log.trim({.max_events = 0}, {});
  CHECK(log.bytes() == 0);
  CHECK(log.newest() == 1'000);
  CHECK(log.oldest() == 1'001);
  CHECK(log.read(1'000, 100).empty());
  CHECK(log.append("base", "rest", nullptr, {}).offset == 1'001);
}
