#include "flamigo/tracing/trace_context.hpp"

#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

using flamigo::trace_context;

namespace {

constexpr std::string_view usual
  = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

} // namespace

TEST_CASE("a traceparent is read and written") {
  auto what = trace_context::parse(usual);
  REQUIRE(what);
  CHECK(what->trace.high == 0x0af7651916cd43ddu);
  CHECK(what->trace.low == 0x8448eb211c80319cu);
  CHECK(what->span.value == 0xb7ad6b7169203331u);
  CHECK(what->sampled);
  CHECK(to_string(*what) == usual);
  CHECK(to_string(what->trace) == "0af7651916cd43dd8448eb211c80319c");
  CHECK(to_string(what->span) == "b7ad6b7169203331");
}

TEST_CASE("what names no trace is written as nothing") {
  CHECK_FALSE(trace_context{});
  CHECK(to_string(trace_context{}).empty());
  CHECK_FALSE(trace_context{.trace = {1, 2}});
  CHECK_FALSE(trace_context{.span = {1}});
}

// The rules of https://www.w3.org/TR/trace-context-1/, 3.2.
TEST_CASE("the rules of a traceparent") {
  struct rule {
    std::string_view text;
    bool valid;
    bool sampled;
  };
  constexpr rule rules[] = {
    // Flags: the lowest bit alone means something.
    {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", true, false},
    {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-02", true, false},
    {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03", true, true},
    {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff", true, true},
    {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0G", false, false},
    // A part of an id may be zeros, not all of it.
    {"00-00000000000000008448eb211c80319c-b7ad6b7169203331-01", true, true},
    {"00-0af7651916cd43dd0000000000000000-b7ad6b7169203331-01", true, true},
    {"00-00000000000000000000000000000000-b7ad6b7169203331-01", false, false},
    {"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", false, false},
    // Lower case.
    {"00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", false, false},
    {"00-0af7651916cd43dd8448eb211c80319c-B7AD6B7169203331-01", false, false},
    {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333x-01", false, false},
    // Lengths.
    {"", false, false},
    {"00", false, false},
    {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", false, false},
    {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-", false, false},
    {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1", false, false},
    {"00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-011", false, false},
    {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-010", false, false},
    {" 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false, false},
    {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 ", false, false},
    // Dashes.
    {"00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false, false},
    {"00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01", false, false},
    {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331_01", false, false},
    // Version 00 has no more fields; those to come may.
    {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x", false, false},
    {"01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true, true},
    {"cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", true,
     true},
    {"cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-", true, true},
    {"cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more", false,
     false},
    {"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false, false},
    {"0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false, false},
  };
  for (auto& x : rules) {
    CAPTURE(x.text);
    auto what = trace_context::parse(x.text);
    CHECK(what.has_value() == x.valid);
    CHECK((what && what->sampled) == x.sampled);
  }
}

TEST_CASE("a version to come is passed on as the one that is known") {
  auto what = trace_context::parse(
    "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-09-more");
  REQUIRE(what);
  CHECK(to_string(*what) == usual);
}
