#include "flamigo/io/detail/backlog_guard.hpp"

#include <catch2/catch_test_macros.hpp>

using flamigo::detail::backlog_guard;
using std::chrono::nanoseconds;
using std::chrono::seconds;

namespace {

constexpr backlog_guard::time_point start{seconds{1'000}};
constexpr nanoseconds instant{1};

} // namespace

TEST_CASE("nothing waits in the beginning") {
  backlog_guard uut{100, seconds{10}};
  CHECK_FALSE(uut.too_much());
  CHECK_FALSE(uut.too_long(start));
}

TEST_CASE("just the limit may wait, one byte more may not") {
  backlog_guard uut{100, seconds{10}};
  uut.sent(0, 100, start);
  CHECK_FALSE(uut.too_much());
  uut.sent(0, 101, start);
  CHECK(uut.too_much());
  uut.sent(1, 100, start);
  CHECK_FALSE(uut.too_much());
}

TEST_CASE("one message may be larger than the limit") {
  backlog_guard uut{100, seconds{10}};
  uut.queued(50, 1'000);
  uut.sent(0, 1'050, start);
  CHECK_FALSE(uut.too_much());
  // What waits behind it counts.
  uut.sent(0, 1'150, start);
  CHECK_FALSE(uut.too_much());
  uut.sent(0, 1'151, start);
  CHECK(uut.too_much());
  // And counts the same while the large one goes.
  uut.sent(900, 250, start);
  CHECK_FALSE(uut.too_much());
  uut.sent(0, 251, start);
  CHECK(uut.too_much());
  uut.sent(151, 100, start);
  CHECK_FALSE(uut.too_much());
  uut.sent(0, 101, start);
  CHECK(uut.too_much());
}

TEST_CASE("a second large message waits for the first one to go") {
  backlog_guard uut{100, seconds{10}};
  uut.queued(0, 1'000);
  uut.sent(0, 1'000, start);
  uut.queued(1'000, 1'000);
  uut.sent(0, 2'000, start);
  CHECK(uut.too_much());
}

TEST_CASE("a large message behind too much is too much") {
  backlog_guard uut{100, seconds{10}};
  uut.queued(101, 1'000);
  uut.sent(0, 1'101, start);
  CHECK(uut.too_much());
}

TEST_CASE("bytes may wait for a while without progress") {
  backlog_guard uut{100, seconds{10}};
  uut.sent(0, 1, start);
  CHECK_FALSE(uut.too_long(start + seconds{10} - instant));
  CHECK(uut.too_long(start + seconds{10}));
}

TEST_CASE("more bytes do not buy time") {
  backlog_guard uut{100, seconds{10}};
  uut.sent(0, 1, start);
  uut.sent(0, 2, start + seconds{9});
  CHECK(uut.too_long(start + seconds{10}));
}

TEST_CASE("progress buys time, however much still waits") {
  backlog_guard uut{100, seconds{10}};
  uut.sent(0, 50, start);
  uut.sent(1, 60, start + seconds{9});
  CHECK_FALSE(uut.too_long(start + seconds{19} - instant));
  CHECK(uut.too_long(start + seconds{19}));
}

TEST_CASE("an empty backlog waits for nothing and begins anew") {
  backlog_guard uut{100, seconds{10}};
  uut.sent(0, 50, start);
  uut.sent(1, 0, start + seconds{5});
  CHECK_FALSE(uut.too_long(start + seconds{100}));
  uut.sent(0, 1, start + seconds{100});
  CHECK_FALSE(uut.too_long(start + seconds{110} - instant));
  CHECK(uut.too_long(start + seconds{110}));
}
