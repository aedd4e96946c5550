#include "flamigo/metrics/detail/duration_cells.hpp"

#include <vector>

#include <catch2/catch_test_macros.hpp>

using namespace std::chrono_literals;
using flamigo::detail::duration_cells;

namespace {

std::vector<std::uint64_t> counts(const duration_cells& what) {
  std::vector<std::uint64_t> result;
  for (std::size_t i = 0; i < duration_cells::buckets; ++i)
    result.push_back(what.count(i));
  return result;
}

} // namespace

TEST_CASE("a time is in the first bucket that goes up to it") {
  duration_cells uut;
  std::vector<std::uint64_t> expected(duration_cells::buckets, 0);
  for (std::size_t i = 0; i < duration_cells::bounds.size(); ++i) {
    uut.observe(duration_cells::bounds[i]);
    ++expected[i];
    uut.observe(duration_cells::bounds[i] + 1ns);
    ++expected[i + 1];
  }
  CHECK(counts(uut) == expected);
}

TEST_CASE("times are added up, and one before its beginning is none") {
  duration_cells uut;
  uut.observe(3ms);
  uut.observe(-1s);
  uut.observe(1h);
  CHECK(uut.count(0) == 1);
  CHECK(uut.count(duration_cells::buckets - 1) == 1);
  CHECK(uut.sum() == 3'600'003'000'000);
}
