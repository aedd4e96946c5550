#include "flamigo/auth/detail/auth_gate.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flamigo;
using namespace std::chrono_literals;
using detail::auth_gate;

namespace {

const auth_gate::time_point start{100h};

const auth_gate::wall_time today{24h * 365 * 60};

user until(std::optional<auth_gate::wall_time> expiry) {
  return {"1", "Ada", {}, expiry, {}};
}

} // namespace

TEST_CASE("a gate is locked until the client is a user") {
  auth_options options;
  auth_gate gate{options, start};
  CHECK(gate.locked());
  CHECK(gate.time_left(start + 4s, today) == 6s);
  CHECK(gate.time_left(start + 10s, today) == 0s);
  CHECK(gate.time_left(start + 99h, today) == 0s);
  CHECK(gate.verdict().code == 3502);
  options.timeout = 24h;
  CHECK(gate.time_left(start + 1h, today) == 23h);
  options.timeout = 10s;
  gate.set(until({}), start + 4s);
  CHECK_FALSE(gate.locked());
  CHECK(gate.time_left(start + 99h, today) == std::nullopt);
  gate.set(std::nullopt, start + 50s);
  CHECK(gate.locked());
  CHECK(gate.time_left(start + 51s, today) == 9s);
}

TEST_CASE("without a time limit a guest may stay") {
  auth_options options;
  options.timeout = 0s;
  auth_gate gate{options, start};
  CHECK(gate.time_left(start, today) == std::nullopt);
  for (int i = 0; i < 1'000; ++i)
    CHECK(gate.admit(1'000));
}

TEST_CASE("an expiry has a grace, and whatever a token says is bearable") {
  auth_options options;
  auth_gate gate{options, start};
  CHECK_FALSE(gate.expires());
  gate.set(until(today + 60s), start);
  CHECK(gate.expires());
  CHECK(gate.time_left(start, today + 26s) == 59s);
  CHECK(gate.time_left(start, today + 84s) == 1s);
  CHECK_FALSE(gate.is_over(today + 84s));
  CHECK(gate.is_over(today + 85s));
  CHECK(gate.time_left(start, today + 85s) == 0s);
  CHECK(gate.verdict().code == 3005);
  gate.set(until(today + 24h * 365 * 100), start);
  CHECK(gate.time_left(start, today) == 1min);
  gate.set(until(auth_gate::wall_time::max()), start);
  CHECK(gate.time_left(start, today) == 1min);
  gate.set(until(auth_gate::wall_time::min()), start);
  CHECK(gate.time_left(start, today) == 0s);
}

TEST_CASE("a connection is one user's for good") {
  auth_options options;
  auth_gate gate{options, start};
  CHECK(gate.is_for({"2", "Bob", {}, {}, {}}));
  gate.set(until({}), start);
  gate.set(std::nullopt, start);
  CHECK(gate.is_for(until(today)));
  CHECK_FALSE(gate.is_for({"2", "Bob", {}, {}, {}}));
}

TEST_CASE("what comes before authenticating is counted") {
  auth_options options;
  options.max_messages = 3;
  options.max_bytes = 100;
  auth_gate few{options, start};
  CHECK(few.admit(1));
  CHECK(few.admit(1));
  CHECK(few.admit(1));
  CHECK_FALSE(few.admit(1));
  auth_gate small{options, start};
  CHECK(small.admit(100));
  CHECK_FALSE(small.admit(1));
  auth_gate known{options, start};
  known.set(until({}), start);
  for (int i = 0; i < 10; ++i)
    CHECK(known.admit(1'000));
}

TEST_CASE("messages wait for the outcome of a call, in order") {
  auth_options options;
  options.timeout = 0s;
  options.max_messages = 2;
  auth_gate gate{options, start};
  CHECK_FALSE(gate.holds());
  gate.calling(true);
  CHECK(gate.holds());
  CHECK(gate.admit(1));
  gate.hold("a");
  CHECK(gate.admit(1));
  gate.hold("b");
  CHECK_FALSE(gate.admit(1));
  CHECK(gate.release() == std::nullopt);
  gate.calling(false);
  CHECK(gate.release() == "a");
  gate.calling(true);
  CHECK(gate.release() == std::nullopt);
  gate.set(until({}), start);
  // The call has not ended yet.
  CHECK(gate.holds());
  CHECK_FALSE(gate.admit(20'000));
  gate.calling(false);
  // A user need not wait while it shows a fresh proof.
  gate.calling(true);
  CHECK_FALSE(gate.holds());
  CHECK(gate.release() == "b");
  CHECK(gate.release() == std::nullopt);
}
