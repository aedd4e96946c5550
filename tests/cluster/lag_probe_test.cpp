#include "flamigo/cluster/detail/lag_probe.hpp"

#include <chrono>

#include <catch2/catch_test_macros.hpp>

using flamigo::detail::lag_probe;
using namespace std::chrono_literals;

TEST_CASE("a lag is that of the last one, or of one that takes longer") {
  lag_probe uut;
  auto start = lag_probe::time_point{1h};
  CHECK(uut.lag(start) == 0s);
  CHECK(uut.send(start));
  CHECK_FALSE(uut.send(start + 1ms));
  CHECK(uut.lag(start + 2ms) == 2ms);
  uut.arrived(start + 3ms);
  CHECK(uut.lag(start + 9ms) == 3ms);
  CHECK(uut.send(start + 10ms));
  CHECK(uut.lag(start + 11ms) == 3ms);
  CHECK(uut.lag(start + 1min) == 1min - 10ms);
  uut.arrived(start + 1min);
  uut.arrived(start + 2min);
  CHECK(uut.lag(start + 2min) == 1min - 10ms);
}
