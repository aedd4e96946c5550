#include "flamigo/auth/detail/coarse_clock.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace std::chrono;

TEST_CASE("the coarse clock is the wall clock, a little late") {
  auto before = system_clock::now();
  auto shown = flamigo::detail::coarse_wall_time();
  CHECK(shown > before - seconds{1});
  CHECK(shown <= system_clock::now());
}
