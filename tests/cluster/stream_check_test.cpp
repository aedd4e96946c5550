#include "flamigo/cluster/detail/stream_check.hpp"

#include <cstdint>
#include <limits>

#include <catch2/catch_test_macros.hpp>

using flamigo::detail::stream_check;

TEST_CASE("a stream without faults has no gap") {
  stream_check uut;
  for (auto i = 1U; i <= 100; ++i)
    CHECK(uut.accept(1, i));
  uut.claim(1, 100);
  uut.claim(1, 100);
  CHECK_FALSE(uut.take_gap());
}

TEST_CASE("what is missing is counted, and what comes too late is not taken") {
  stream_check uut;
  CHECK(uut.accept(1, 1));
  CHECK(uut.accept(1, 4));
  auto gap = uut.take_gap();
  CHECK(gap.frames == 2);
  CHECK_FALSE(gap.was_away);
  CHECK_FALSE(uut.accept(1, 2));
  CHECK_FALSE(uut.accept(1, 4));
  CHECK(uut.accept(1, 5));
  CHECK_FALSE(uut.take_gap());
}

TEST_CASE("the end of a stream is missed at the second word about it") {
  stream_check uut;
  CHECK(uut.accept(1, 1));
  uut.claim(1, 3);
  // Both may be on their way.
  CHECK_FALSE(uut.take_gap());
  CHECK(uut.accept(1, 2));
  uut.claim(1, 3);
  CHECK(uut.take_gap().frames == 1);
  uut.claim(1, 3);
  CHECK_FALSE(uut.take_gap());
  CHECK(uut.accept(1, 4));
  CHECK_FALSE(uut.take_gap());
}

TEST_CASE("a node that was away has begun another stream") {
  stream_check uut;
  CHECK(uut.accept(1, 1));
  CHECK(uut.accept(2, 1));
  CHECK(uut.take_gap().was_away);
  CHECK_FALSE(uut.accept(1, 2));
  CHECK_FALSE(uut.take_gap());
}

TEST_CASE("a stream of which nothing has come is missed as well") {
  stream_check uut;
  CHECK(uut.accept(1, 1));
  uut.claim(2, 2);
  CHECK_FALSE(uut.take_gap());
  uut.claim(2, 2);
  auto gap = uut.take_gap();
  CHECK(gap.was_away);
  CHECK(gap.frames == 2);
  CHECK(uut.accept(2, 3));
  CHECK_FALSE(uut.take_gap());
}

TEST_CASE("who is met in the middle of his stream has been forgotten") {
  stream_check uut;
  CHECK(uut.accept(7, 1'000));
  auto gap = uut.take_gap();
  CHECK(gap.was_away);
  CHECK(gap.frames == 0);
  CHECK(uut.accept(7, 1'001));
  CHECK_FALSE(uut.take_gap());
}

TEST_CASE("numbers that no stream has are not taken") {
  stream_check uut;
  constexpr auto last = std::numeric_limits<std::uint64_t>::max();
  CHECK(uut.accept(1, 1));
  CHECK_FALSE(uut.accept(1, 0));
  CHECK_FALSE(uut.accept(1, last));
  uut.claim(1, last);
  uut.claim(1, last);
  CHECK_FALSE(uut.take_gap());
  CHECK(uut.accept(1, 2));
}
