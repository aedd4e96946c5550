#include <string>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/socketio/detail/position_log.hpp"

using namespace flamigo::detail;

namespace {

std::string in(const std::string& topic, std::uint64_t offset) {
  return R"(,"offsets":{")" + topic + "\":" + std::to_string(offset) + "}}";
}

std::string position(const position_log& of) {
  std::string result;
  of.append_position(result);
  return result;
}

} // namespace

TEST_CASE("a position says what a client has of each channel") {
  position_log log{"t"};
  log.add(in("a", 5));
  log.add("}");
  CHECK(position(log) == "t.2");
  log.add(in("a", 6));
  log.add(R"(,"offsets":{"a":7,"b\"c":1}})");
  log.add(in("a", 8));
  CHECK(position(log) == "t.5");
  CHECK(log.first_behind(0, "a") == 5);
  CHECK(log.first_behind(1, "a") == 6);
  CHECK(log.first_behind(2, "a") == 6);
  CHECK(log.first_behind(3, "a") == 7);
  CHECK(log.first_behind(4, "a") == 8);
  CHECK_FALSE(log.first_behind(5, "a"));
  CHECK(log.first_behind(3, "b\"c") == 1);
  CHECK_FALSE(log.first_behind(4, "b\"c"));
  CHECK_FALSE(log.first_behind(0, "c"));
}

TEST_CASE("a position is of its log, or of none of its events") {
  position_log log{"t"};
  log.add("}");
  log.add("}");
  CHECK(log.read("t.2") == 2);
  CHECK(log.read("t.0") == 0);
  CHECK(log.read("") == 0);
  CHECK(log.read("u.2") == 0);
  CHECK(log.read("t") == 0);
  CHECK_FALSE(log.read("t.3"));
  CHECK_FALSE(log.read("t."));
  CHECK_FALSE(log.read("t.1x"));
  CHECK_FALSE(log.read("t.-1"));
  CHECK_FALSE(log.read("t.99999999999999999999"));
}

TEST_CASE("who does not know that something is lost is not recovered") {
  position_log log{"t"};
  log.add(in("a", 5));
  log.add("}");
  log.cut();
  CHECK_FALSE(log.read("t.1"));
  CHECK_FALSE(log.read(""));
  CHECK(log.read("t.2") == 2);
}

TEST_CASE("a channel that begins anew is counted anew") {
  position_log log{"t"};
  log.add(in("a", 5));
  log.add(in("b", 1));
  log.add(in("a", 2));
  log.add(in("a", 3));
  CHECK(log.first_behind(0, "a") == 2);
  CHECK(log.first_behind(3, "a") == 3);
  CHECK(log.first_behind(1, "b") == 1);
}

TEST_CASE(
  "a log forgets what is long ago, and a steady channel costs nothing") {
  position_log log{"t"};
  for (std::uint64_t i = 1; i <= 100'000; ++i)
    log.add(in("a", i));
  CHECK(log.bytes() < 1'000);
  CHECK(log.first_behind(12, "a") == 13);
  for (std::uint64_t i = 1; i <= 100'000; ++i)
    log.add(in(i % 2 == 0 ? "b" : "c" + std::to_string(i), i));
  CHECK(log.bytes() < 200'000);
  CHECK_FALSE(log.read("t.12"));
  auto oldest = 200'000 - position_log::max_runs;
  CHECK_FALSE(log.read("t." + std::to_string(oldest - 1)));
  CHECK(log.read("t." + std::to_string(oldest)) == oldest);
  CHECK_FALSE(log.first_behind(oldest, "a"));
  CHECK(log.first_behind(199'999, "b") == 100'000);
  CHECK(log.first_behind(199'998, "c99999") == 99'999);
}
