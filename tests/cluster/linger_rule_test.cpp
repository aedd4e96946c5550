#include "flamigo/cluster/detail/linger_rule.hpp"

#include <chrono>

#include <catch2/catch_test_macros.hpp>

using namespace flamigo;
using namespace std::chrono_literals;

TEST_CASE("only those that come in quick succession wait for others") {
  detail::linger_rule rule{2ms};
  // A machine that has run for a while.
  auto now = std::chrono::steady_clock::time_point{} + 100 * 24h;
  CHECK(rule.sent(1, now) == 0ns);
  CHECK(rule.sent(1, now += 2ms) == 0ns);
  CHECK(rule.sent(1, now += 1'999us) == 2ms);
  // As many came while it waited.
  CHECK(rule.sent(4, now += 2ms) == 2ms);
  CHECK(rule.sent(2, now += 1h) == 2ms);
  CHECK(rule.sent(1, now += 1h) == 0ns);
}

TEST_CASE("nothing waits where that is not wanted") {
  detail::linger_rule rule{0ms};
  auto now = std::chrono::steady_clock::time_point{};
  CHECK(rule.sent(1, now) == 0ns);
  CHECK(rule.sent(9, now) == 0ns);
}
