#include "histogram.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <cstdint>
#include <limits>

using namespace flamigo::load;
using std::chrono::nanoseconds;

namespace {

// Whether it is within the error that the header promises.
bool close_to(nanoseconds x, double expected) {
  return std::abs(static_cast<double>(x.count()) - expected)
         <= 0.016 * expected;
}

} // namespace

TEST_CASE("an empty histogram is all zero") {
  histogram h;
  CHECK(h.count() == 0);
  CHECK(h.max() == nanoseconds{0});
  CHECK(h.quantile(0.5) == nanoseconds{0});
}

TEST_CASE("small durations are exact, and none is negative") {
  for (std::int64_t ns = 0; ns < 64; ++ns) {
    histogram h;
    h.record(nanoseconds{ns});
    h.record(nanoseconds{1'000});
    CHECK(h.quantile(0.5) == nanoseconds{ns});
  }
  histogram h;
  h.record(nanoseconds{-5});
  CHECK(h.quantile(1) == nanoseconds{0});
}

TEST_CASE("any duration comes back within the promised error") {
  for (double x = 1; x < 9e18; x *= 1.37) {
    auto ns = static_cast<std::int64_t>(x);
    histogram h;
    h.record(nanoseconds{ns});
    // So that the maximum is not what bounds the answer.
    h.record(nanoseconds{std::numeric_limits<std::int64_t>::max()});
    CHECK(close_to(h.quantile(0.5), static_cast<double>(ns)));
  }
}

TEST_CASE("quantiles are those of a uniform distribution") {
  histogram h;
  for (std::int64_t i = 1; i <= 100'000; ++i)
    h.record(nanoseconds{i * 10});
  CHECK(h.count() == 100'000);
  CHECK(h.max() == nanoseconds{1'000'000});
  for (double share : {0.01, 0.5, 0.9, 0.99, 0.999})
    CHECK(close_to(h.quantile(share), share * 1e6));
  CHECK(h.quantile(1) <= h.max());
  CHECK(close_to(h.quantile(1), 1e6));
}
