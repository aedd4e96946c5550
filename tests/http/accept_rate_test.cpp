#include "flamigo/http/detail/accept_rate.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace std::chrono_literals;
using flamigo::detail::accept_rate;

namespace {

/// How many come in at this time.
int allowed(accept_rate& uut, accept_rate::time_point when) {
  int result = 0;
  while (result < 1'000 && uut.allow(when))
    ++result;
  return result;
}

const accept_rate::time_point start{1h};

} // namespace

TEST_CASE("as many come in at once as in a second, then each in its time") {
  accept_rate uut;
  uut.set_bound(10);
  CHECK(allowed(uut, start) == 10);
  CHECK(allowed(uut, start + 99ms) == 0);
  CHECK(allowed(uut, start + 100ms) == 1);
  CHECK(allowed(uut, start + 450ms) == 3);
  // What was not used is not saved up for more than a second.
  CHECK(allowed(uut, start + 1h) == 10);
}

TEST_CASE("one a second is one a second") {
  accept_rate uut;
  uut.set_bound(1);
  CHECK(allowed(uut, start) == 1);
  CHECK(allowed(uut, start + 999ms) == 0);
  CHECK(allowed(uut, start + 1s) == 1);
}

TEST_CASE("without a bound all come in") {
  accept_rate uut;
  CHECK(allowed(uut, start) == 1'000);
}
