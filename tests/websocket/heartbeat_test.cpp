#include "flamigo/websocket/detail/heartbeat.hpp"

#include <catch2/catch_test_macros.hpp>

using flamigo::detail::heartbeat;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using action = heartbeat::action;

namespace {

constexpr heartbeat::time_point start{seconds{1'000}};
constexpr nanoseconds instant{1};

} // namespace

TEST_CASE("a silent peer is pinged once, then given up") {
  heartbeat uut{seconds{25}, seconds{10}, start};
  CHECK(uut.tick(start) == action::none);
  CHECK(uut.tick(start + seconds{25} - instant) == action::none);
  CHECK(uut.tick(start + seconds{25}) == action::ping);
  CHECK(uut.tick(start + seconds{25}) == action::none);
  CHECK(uut.tick(start + seconds{35} - instant) == action::none);
  CHECK(uut.tick(start + seconds{35}) == action::give_up);
}

TEST_CASE("a peer that is heard is not pinged") {
  heartbeat uut{seconds{25}, seconds{10}, start};
  for (auto now = start; now < start + seconds{240}; now += seconds{24}) {
    CHECK(uut.tick(now) == action::none);
    uut.heard(now);
  }
}

TEST_CASE("any sign of life answers a ping") {
  heartbeat uut{seconds{25}, seconds{10}, start};
  REQUIRE(uut.tick(start + seconds{25}) == action::ping);
  uut.heard(start + seconds{34});
  CHECK(uut.tick(start + seconds{35}) == action::none);
  CHECK(uut.tick(start + seconds{59} - instant) == action::none);
  CHECK(uut.tick(start + seconds{59}) == action::ping);
  CHECK(uut.tick(start + seconds{69}) == action::give_up);
}

TEST_CASE("a late tick still leaves the peer all of its time") {
  heartbeat uut{seconds{25}, seconds{10}, start};
  REQUIRE(uut.tick(start + seconds{60}) == action::ping);
  CHECK(uut.tick(start + seconds{70} - instant) == action::none);
  CHECK(uut.tick(start + seconds{70}) == action::give_up);
}
