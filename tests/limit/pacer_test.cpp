#include "flamigo/limit/detail/pacer.hpp"

#include <thread>
#include <vector>

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

constexpr detail::pacer_clock::time_point start{1h};

constexpr auto now = 0ns;

} // namespace

TEMPLATE_TEST_CASE("a burst may come at once, and then one each interval", "",
                   detail::pacer, detail::shared_pacer) {
  TestType uut;
  rate ten{10, 1s};
  for (int i = 0; i < 10; ++i)
    CHECK(uut.take(ten, start) == now);
  CHECK(uut.take(ten, start) == 100ms);
  // What was refused was not counted.
  CHECK(uut.take(ten, start + 40ms) == 60ms);
  CHECK(uut.take(ten, start + 100ms) == now);
  CHECK(uut.take(ten, start + 100ms) == 100ms);
  CHECK_FALSE(uut.is_full(start + 1s));
  CHECK(uut.is_full(start + 1100ms));
  // After a long time it is as at first, and not better.
  for (int i = 0; i < 10; ++i)
    CHECK(uut.take(ten, start + 1h) == now);
  CHECK(uut.take(ten, start + 1h) == 100ms);
}

TEST_CASE("how many come at once may be less or more than those of the time") {
  detail::pacer strict;
  rate one_by_one{10, 1s, 1};
  CHECK(strict.take(one_by_one, start) == now);
  CHECK(strict.take(one_by_one, start) == 100ms);
  detail::pacer lax;
  rate many{1, 1s, 100};
  for (int i = 0; i < 100; ++i)
    CHECK(lax.take(many, start) == now);
  CHECK(lax.take(many, start) == 1s);
}

TEST_CASE("in the long run just as many come as the rate says") {
  detail::pacer uut;
  rate what{7, 1s};
  int passed = 0;
  for (auto t = 0ms; t < 100s; t += 1ms)
    if (uut.take(what, start + t) == now)
      ++passed;
  CHECK(passed >= 700);
  CHECK(passed <= 707);
}

TEST_CASE("several threads share what there is") {
  detail::shared_pacer uut;
  rate what{1'000, 1h};
  std::atomic<int> passed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 1'000; ++n)
        if (uut.take(what, start) == now)
          ++passed;
    });
  for (auto& x : threads)
    x.join();
  CHECK(passed == 1'000);
}
