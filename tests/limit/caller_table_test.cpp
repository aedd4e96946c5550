#include "flamigo/limit/caller_table.hpp"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/limit/detail/call_limits.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

constexpr caller_table::time_point start{1h};

constexpr auto now = 0ns;

using scope = rate_limit::scope;

} // namespace

TEST_CASE("calls are counted for each strategy and each caller") {
  detail::call_limits post{{{{2, 1s}, scope::caller}}};
  detail::call_limits read{{{{1, 1s}, scope::caller}}};
  detail::caller_state ada, bob;
  CHECK(post.admit(ada, start) == now);
  CHECK(post.admit(ada, start) == now);
  CHECK(post.admit(ada, start) == 500ms);
  CHECK(post.admit(bob, start) == now);
  CHECK(read.admit(ada, start) == now);
  CHECK(read.admit(ada, start) == 1s);
  CHECK(post.admit(ada, start + 500ms) == now);
}

TEST_CASE("of several limits each has to let a call pass") {
  detail::call_limits uut{
    {{{2, 1s}, scope::caller}, {{3, 1min}, scope::caller}}};
  detail::caller_state ada;
  CHECK(uut.admit(ada, start) == now);
  CHECK(uut.admit(ada, start) == now);
  CHECK(uut.admit(ada, start) == 500ms);
  CHECK(uut.admit(ada, start + 10s) == now);
  // Refused by one, it has cost nothing of the other.
  CHECK(uut.admit(ada, start + 10s) == 10s);
  CHECK(uut.admit(ada, start + 20s) == now);
}

TEST_CASE("what all share is counted when the caller's own let it pass") {
  detail::call_limits uut{{{{1, 1s}, scope::caller}, {{2, 1s}, scope::total}}};
  detail::caller_state ada, bob, eve;
  CHECK(uut.admit(ada, start) == now);
  CHECK(uut.admit(ada, start) == 1s);
  CHECK(uut.admit(bob, start) == now);
  CHECK(uut.admit(eve, start) == 500ms);
  // Which has cost her nothing.
  CHECK(uut.admit(eve, start + 500ms) == now);
}

TEST_CASE("a caller who comes again finds what it has left") {
  caller_table uut;
  detail::call_limits post{{{{1, 1min}, scope::caller}}};
  CHECK(post.admit(*uut.find("ada", start), start) == now);
  CHECK(post.admit(*uut.find("ada", start), start) == 1min);
  CHECK(post.admit(*uut.find("bob", start), start) == now);
}

TEST_CASE("callers are forgotten when nothing is lost by it") {
  caller_table uut;
  detail::call_limits post{{{{1, 1min}, scope::caller}}};
  auto held = uut.find("held", start);
  post.admit(*uut.find("waits", start), start);
  auto time = start + 30s;
  for (int i = 0; i < 100'000; ++i)
    uut.find(std::to_string(i), time);
  CHECK(uut.size() < 64 * 130);
  CHECK(post.admit(*uut.find("waits", time), time) == 30s);
  CHECK(uut.find("held", time) == held);
}

TEST_CASE("limits are listed as they are written") {
  CHECK(to_string(rate_limit{{10, 1s}}) == "limit(10, 1s)");
  CHECK(to_string(rate_limit{{5, 90s}}) == "limit(5, 90s)");
  CHECK(to_string(rate_limit{{1, 2h}, scope::total})
        == "limit_in_total(1, 2h)");
  CHECK(to_string(rate_limit{{1, 1500us}}) == "limit(1, 1500us)");
}
