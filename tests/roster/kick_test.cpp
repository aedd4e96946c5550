#include "flamigo/roster/detail/kick_memory.hpp"
#include "flamigo/roster/detail/kick_orders.hpp"

#include <string>
#include <unordered_set>

#include <catch2/catch_test_macros.hpp>

using namespace flamigo;
using namespace std::chrono_literals;
using detail::kick_memory;
using detail::kick_orders;

namespace {

constexpr kick_memory::time_point start{1h};

claims connection(const std::string& id) {
  claims result;
  result.connection_id = id;
  return result;
}

} // namespace

TEST_CASE("one message stands for all orders that come before it") {
  kick_orders uut;
  CHECK(uut.add_user("1"));
  for (int i = 0; i < 1000; ++i) {
    CHECK_FALSE(uut.add_user("2"));
    CHECK_FALSE(uut.add_connection("c1"));
  }
  auto [first, more] = uut.take();
  CHECK(first.users == std::unordered_set<std::string>{"1"});
  CHECK(first.connections.empty());
  // The others came when the message was on its way already: it may be ahead
  // of somebody whom they concern.
  CHECK(more);
  auto [second, still_more] = uut.take();
  CHECK(second.users == std::unordered_set<std::string>{"2"});
  CHECK(second.concerns(connection("c1")));
  CHECK_FALSE(second.concerns(connection("c2")));
  CHECK_FALSE(still_more);
  CHECK(uut.add_connection("c2"));
}

TEST_CASE("who was kicked is remembered for a minute") {
  kick_memory uut;
  uut.add({"1"}, start);
  auto why = uut.verdict("1", start - 1s, start + 1s);
  REQUIRE(why);
  CHECK(why->code == 3503);
  CHECK_FALSE(uut.verdict("2", start - 1s, start + 1s));
  // Who connects afterwards is let in.
  CHECK_FALSE(uut.verdict("1", start + 1s, start + 1s));
  CHECK_FALSE(uut.verdict("1", start - 1s, start + 61s));
}

TEST_CASE("users who were kicked are forgotten without anybody logging in") {
  kick_memory uut;
  for (int i = 0; i < 1'000'000; ++i)
    uut.add({std::to_string(i)}, start + i * 10ms);
  // A minute's worth is 6,000.
  CHECK(uut.size() < 30'000);
  CHECK(uut.verdict("999999", start, start + 10'000s));
}

TEST_CASE("when too many are kicked, all have to show their proof again") {
  kick_memory uut;
  std::unordered_set<std::string> many;
  for (std::size_t i = 0; i <= kick_memory::max_users; ++i)
    many.insert(std::to_string(i));
  uut.add(many, start);
  CHECK(uut.size() == 0);
  auto why = uut.verdict("anybody", start - 1s, start + 1s);
  REQUIRE(why);
  CHECK(why->code == 3005);
  CHECK_FALSE(uut.verdict("anybody", start + 1s, start + 1s));
  CHECK_FALSE(uut.verdict("anybody", start - 1s, start + 61s));
  uut.add({"1"}, start + 2s);
  CHECK(uut.verdict("1", start - 1s, start + 2s)->code == 3503);
}
