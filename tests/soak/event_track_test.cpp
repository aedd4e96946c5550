#include "event_track.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flamigo::soak;
using enum event_track::verdict;

TEST_CASE("events come once, in order and without a gap") {
  event_track heard;
  CHECK(heard.next() == 0);
  CHECK(heard.heard(0) == right);
  CHECK(heard.heard(1) == right);
  CHECK(heard.next() == 2);
  CHECK_FALSE(heard.missing());
}

TEST_CASE("an event that comes again is told from one that comes late") {
  event_track heard;
  CHECK(heard.heard(0) == right);
  CHECK(heard.heard(0) == twice);
  CHECK(heard.heard(2) == right);
  CHECK(heard.heard(1) == late);
  CHECK(heard.heard(1) == twice);
  CHECK_FALSE(heard.missing());
}

TEST_CASE("an event that never comes is missed") {
  event_track heard;
  CHECK(heard.heard(2) == right);
  CHECK(heard.missing() == 0);
  CHECK(heard.heard(0) == late);
  CHECK(heard.missing() == 1);
}

TEST_CASE("who came later misses nothing of before") {
  event_track heard{5};
  CHECK(heard.heard(5) == right);
  CHECK_FALSE(heard.missing());
  CHECK(heard.heard(4) == late);
  CHECK(heard.heard(4) == twice);
  CHECK_FALSE(heard.missing());
}
