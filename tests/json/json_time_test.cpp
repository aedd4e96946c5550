#include "flamigo/json/json.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>

#include "support/complaint.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

using milli_time = std::chrono::sys_time<std::chrono::milliseconds>;
using nano_time = std::chrono::sys_time<std::chrono::nanoseconds>;
using hour_time = std::chrono::sys_time<std::chrono::hours>;
using short_time = std::chrono::sys_time<std::chrono::duration<std::int32_t>>;
using fine = std::chrono::nanoseconds;
using real = std::chrono::duration<double>;
using small = std::chrono::duration<std::int8_t>;

struct visit {
  std::chrono::sys_seconds begin;
  std::chrono::milliseconds least = 5ms;
  std::chrono::seconds most;
};

BOOST_DESCRIBE_STRUCT(visit, (), (begin, least, most))

/// A constructor leaves a duration without a value, which is not looked at.
struct made_visit {
  made_visit() : text("x") {
  }

  std::chrono::seconds most;
  std::string text;
};

BOOST_DESCRIBE_STRUCT(made_visit, (), (most, text))

} // namespace

TEST_CASE("times are written with the digits of their type") {
  auto day = std::chrono::sys_days{std::chrono::year{2026} / 11 / 29};
  CHECK(to_json(day) == R"("2026-11-29")");
  CHECK(to_json(std::chrono::sys_seconds{day + 23h + 16min + 5s})
        == R"("2026-11-29T23:16:05Z")");
  CHECK(to_json(milli_time{day + 7ms}) == R"("2026-11-29T00:00:00.007Z")");
  CHECK(to_json(nano_time{day + 1s - 1ns})
        == R"("2026-11-29T00:00:00.999999999Z")");
  CHECK(to_json(hour_time{day + 5h}) == R"("2026-11-29T05:00:00Z")");
  CHECK(to_json(milli_time{-1ms}) == R"("1969-12-31T23:59:59.999Z")");
  CHECK(to_json(milli_time{}) == R"("1970-01-01T00:00:00.000Z")");
  CHECK(to_json(nano_time::min()) == R"("1677-09-21T00:12:43.145224192Z")");
  CHECK(to_json(nano_time::max()) == R"("2262-04-11T23:47:16.854775807Z")");
}

TEST_CASE("a year that has not four digits cannot be written") {
  CHECK(to_json(milli_time::max()) == "null");
  CHECK(to_json(std::chrono::sys_seconds::min()) == "null");
  CHECK(to_json(hour_time{hour_time::max()}) == "null");
  std::chrono::sys_days last{std::chrono::year{9999} / 12 / 31};
  CHECK(to_json(last) == R"("9999-12-31")");
  CHECK(to_json(last + std::chrono::days{1}) == "null");
  CHECK(to_json(std::chrono::sys_seconds{last + 24h - 1s})
        == R"("9999-12-31T23:59:59Z")");
  CHECK(to_json(std::chrono::sys_seconds{last + 24h}) == "null");
  std::chrono::sys_days first{std::chrono::year{0} / 1 / 1};
  CHECK(to_json(milli_time{first}) == R"("0000-01-01T00:00:00.000Z")");
  CHECK(to_json(milli_time{first} - 1ms) == "null");
}

TEST_CASE("times are read with any offset and any digits") {
  CHECK(there_and_back<milli_time>(R"("2026-11-29T23:16:05Z")")
        == R"("2026-11-29T23:16:05.000Z")");
  CHECK(there_and_back<milli_time>(R"("2026-11-29t23:16:05.12345678901z")")
        == R"("2026-11-29T23:16:05.123Z")");
  CHECK(there_and_back<milli_time>(R"("2026-11-30T01:01:05.5+01:45")")
        == R"("2026-11-29T23:16:05.500Z")");
  CHECK(
    there_and_back<std::chrono::sys_seconds>(R"("2026-11-29T20:00:00.9-04:00")")
    == R"("2026-11-30T00:00:00Z")");
  CHECK(there_and_back<hour_time>(R"("1969-12-31T23:59:59Z")")
        == R"("1969-12-31T23:00:00Z")");
  CHECK(there_and_back<nano_time>(R"("1969-12-31T23:59:59.000000001Z")")
        == R"("1969-12-31T23:59:59.000000001Z")");
  CHECK(there_and_back<milli_time>(R"("2024-02-29T00:00:00\u005A")")
        == R"("2024-02-29T00:00:00.000Z")");
  CHECK(there_and_back<milli_time>(R"("0000-01-01T00:00:00Z")")
        == R"("0000-01-01T00:00:00.000Z")");
  CHECK(there_and_back<std::chrono::sys_days>(R"("2000-02-29")")
        == R"("2000-02-29")");
  CHECK(there_and_back<milli_time>(R"("9999-12-31T23:00:00-00:59")")
        == R"("9999-12-31T23:59:00.000Z")");
}

TEST_CASE("what is no time is refused") {
  for (auto text : {"null",
                    "0",
                    "\"\"",
                    "\"2026-11-29\"",
                    "\"2026-11-29T23:16:05\"",
                    "\"2026-11-29 23:16:05Z\"",
                    "\"2026-11-29T24:00:00Z\"",
                    "\"2026-11-29T23:60:00Z\"",
                    "\"2026-12-31T23:59:60Z\"",
                    "\"2026-02-29T00:00:00Z\"",
                    "\"1900-02-29T00:00:00Z\"",
                    "\"2026-00-01T00:00:00Z\"",
                    "\"2026-13-01T00:00:00Z\"",
                    "\"2026-11-31T00:00:00Z\"",
                    "\"2026-11-00T00:00:00Z\"",
                    "\"2026-11-29T23:16:05.Z\"",
                    "\"2026-11-29T23:16:05,5Z\"",
                    "\"2026-11-29T23:16:05+24:00\"",
                    "\"2026-11-29T23:16:05+01:60\"",
                    "\"2026-11-29T23:16:05+0100\"",
                    "\"2026-11-29T23:16:05+01\"",
                    "\"2026-11-29T23:16:05ZZ\"",
                    "\" 2026-11-29T23:16:05Z\"",
                    "\"26-11-29T23:16:05Z\"",
                    "\"+2026-11-29T23:16:05Z\"",
                    "\"2026-1-29T23:16:05Z\"",
                    "\"2026-11-29T3:16:05Z\"",
                    "\"2026-11-29T23:16Z\"",
                    "\"20261129T231605Z\""})
    CHECK(complaint<milli_time>(text)
          == ": must be a time such as 2026-11-29T23:16:55Z");
  for (auto text : {"null", "20261129", "\"2026-11-31\"", "\"2026-11-29Z\"",
                    "\"2026-11-29T00:00:00Z\"", "\"20261129\""})
    CHECK(complaint<std::chrono::sys_days>(text)
          == ": must be a date such as 2026-11-29");
}

TEST_CASE("a time that a type cannot hold is refused") {
  for (auto text : {"\"1677-09-21T00:12:43Z\"", "\"2262-04-11T23:47:16Z\"",
                    "\"0000-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59Z\""})
    CHECK(complaint<nano_time>(text)
          == ": must be between 1677-09-21T00:12:43.145224192Z and "
             "2262-04-11T23:47:16.854775807Z");
  CHECK(there_and_back<nano_time>(R"("1677-09-21T00:12:44Z")")
        == R"("1677-09-21T00:12:44.000000000Z")");
  CHECK(there_and_back<nano_time>(R"("2262-04-11T23:47:15.9Z")")
        == R"("2262-04-11T23:47:15.900000000Z")");
  // What could be read, but not written.
  for (auto text :
       {"\"0000-01-01T00:59:59+01:00\"", "\"9999-12-31T23:00:00-01:00\""})
    CHECK(complaint<milli_time>(text)
          == ": must be in the years 0 to 9999 of UTC");
  CHECK(complaint<short_time>(R"("2038-01-19T03:14:08Z")")
        == ": must be between 1901-12-13T20:45:52Z and 2038-01-19T03:14:07Z");
}

TEST_CASE("durations are milliseconds") {
  CHECK(to_json(std::chrono::milliseconds{1'500}) == "1500");
  CHECK(to_json(std::chrono::seconds{-2}) == "-2000");
  CHECK(to_json(std::chrono::hours{1}) == "3600000");
  CHECK(to_json(std::chrono::microseconds{1'500}) == "1.5");
  CHECK(to_json(fine{-1}) == "-0.000001");
  CHECK(to_json(fine{2'000'000}) == "2");
  CHECK(to_json(fine{-1'000'010}) == "-1.00001");
  CHECK(to_json(real{0.25}) == "250");
  CHECK(there_and_back<std::chrono::seconds>("2e3") == "2000");
  CHECK(there_and_back<std::chrono::minutes>("-60000") == "-60000");
  CHECK(there_and_back<fine>("0.30000000000000004") == "0.3");
  CHECK(there_and_back<fine>("0.0000004") == "0");
  CHECK(there_and_back<fine>("-0.0000005") == "-0.000001");
  CHECK(there_and_back<fine>("99.9999995e-1") == "10");
  CHECK(there_and_back<fine>("-0.0") == "0");
  CHECK(there_and_back<fine>("1e-9999999999999999999") == "0");
  // More digits than a double has.
  CHECK(there_and_back<fine>("9223372036853.999617") == "9223372036853.999617");
  CHECK(there_and_back<real>("0.5") == "0.5");
}

TEST_CASE("a duration that a type cannot hold is refused") {
  CHECK(complaint<std::chrono::milliseconds>("1.5") == ": must be an integer");
  CHECK(complaint<std::chrono::seconds>("\"PT1S\"") == ": must be an integer");
  CHECK(complaint<std::chrono::seconds>("1500")
        == ": must be milliseconds that are a multiple of 1000");
  CHECK(complaint<small>("128000") == ": must be between -128000 and 127000");
  CHECK(there_and_back<small>("-128000") == "-128000");
  CHECK(complaint<fine>("9223372036855")
        == ": must be between -9223372036854 and 9223372036854");
  CHECK(there_and_back<fine>("-9223372036854") == "-9223372036854");
  for (auto text : {"9223372036854.000001", "-1e13", "1e400"})
    CHECK(complaint<fine>(text)
          == ": must be between -9223372036854 and 9223372036854");
  CHECK(complaint<fine>("null") == ": must be a number");
  CHECK(complaint<std::chrono::seconds>("9223372036854775807")
        == ": must be between -9223372036854775000 and 9223372036854775000");
  CHECK(complaint<std::chrono::microseconds>("9007199254740992")
        == ": must be between -9007199254740991 and 9007199254740991");
  // More than 64 bits of milliseconds: as many as can be read.
  CHECK(to_json(std::chrono::microseconds::max()) == "9007199254740991");
  CHECK(to_json(fine::min()) == "-9223372036854");
  CHECK(to_json(std::chrono::seconds::max()) == "9223372036854775000");
  CHECK(to_json(std::chrono::hours::min()) == "-9223372036854000000");
}

TEST_CASE("times and durations are members as others are") {
  auto x = from_json<visit>(R"({"begin":"2026-11-29T23:16:05Z","most":0})");
  REQUIRE(x);
  CHECK(x->least == 5ms);
  CHECK(complaint<visit>(R"({"begin":0,"least":"x"})")
        == "begin: must be a time such as 2026-11-29T23:16:55Z\n"
           "least: must be an integer\n"
           "most: is required");
  CHECK(complaint<made_visit>("{}") == "most: is required");
}
