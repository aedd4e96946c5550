#include "flamigo/metrics/detail/metric_text.hpp"

#include <limits>

#include <catch2/catch_test_macros.hpp>

using flamigo::detail::metric_text;

namespace {

/// How a number reads.
std::string number(double value) {
  metric_text uut;
  uut.sample("x", value);
  return uut.take();
}

} // namespace

TEST_CASE("a family is told of before its samples") {
  metric_text uut;
  uut.family("a_total", "counter", "How many.");
  uut.sample("a_total", std::uint64_t{18446744073709551615u});
  uut.family("b", "gauge", "How much.");
  uut.sample("b", "kind", "x", 0.25);
  uut.sample("b", "kind", "y", "size", "2", std::uint64_t{7});
  CHECK(uut.take()
        == "# HELP a_total How many.\n"
           "# TYPE a_total counter\n"
           "a_total 18446744073709551615\n"
           "# HELP b How much.\n"
           "# TYPE b gauge\n"
           "b{kind=\"x\"} 0.25\n"
           "b{kind=\"y\",size=\"2\"} 7\n");
}

TEST_CASE("what would end a label or a line is escaped") {
  metric_text uut;
  uut.family("a", "gauge", "one\ntwo \\ \"three\"");
  uut.sample("a", "name", "one\ntwo \\ \"three\"", std::uint64_t{1});
  CHECK(uut.take()
        == "# HELP a one\\ntwo \\\\ \"three\"\n"
           "# TYPE a gauge\n"
           "a{name=\"one\\ntwo \\\\ \\\"three\\\"\"} 1\n");
}

TEST_CASE("a histogram has buckets, a sum and a count") {
  metric_text uut;
  uut.bucket("t", "of", "x", 0.005, 1);
  uut.last_bucket("t", "of", "x", 3);
  uut.sum("t", "of", "x", 1.5);
  uut.count("t", "of", "x", 3);
  CHECK(uut.take()
        == "t_bucket{of=\"x\",le=\"0.005\"} 1\n"
           "t_bucket{of=\"x\",le=\"+Inf\"} 3\n"
           "t_sum{of=\"x\"} 1.5\n"
           "t_count{of=\"x\"} 3\n");
}

TEST_CASE("numbers are written as Go reads them") {
  constexpr auto infinity = std::numeric_limits<double>::infinity();
  CHECK(number(0.1) == "x 0.1\n");
  CHECK(number(1e-6) == "x 1e-06\n");
  CHECK(number(infinity) == "x +Inf\n");
  CHECK(number(-infinity) == "x -Inf\n");
  CHECK(number(std::numeric_limits<double>::quiet_NaN()) == "x NaN\n");
}
