#include "flamigo/metrics/detail/metric_block.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace std::chrono_literals;
using namespace flamigo::detail;

namespace {

constexpr metric_block::time_point start{1h};

} // namespace

TEST_CASE("a request ends where the next one begins") {
  metric_block uut{3};
  uut.begin_request(uut.of(1), start);
  uut.begin_request(uut.of(2), start + 2ms);
  CHECK(uut.has_request());
  uut.end_request(start + 5ms);
  CHECK_FALSE(uut.has_request());
  CHECK(uut.of(1).latency.sum() == 2'000'000);
  CHECK(uut.of(2).latency.sum() == 3'000'000);
  // Once.
  uut.end_request(start + 9ms);
  CHECK(uut.of(2).latency.sum() == 3'000'000);
}

TEST_CASE("one that is answered later is not ended by others") {
  metric_block uut{2};
  uut.begin_request(uut.of(1), start);
  uut.leave_request();
  uut.end_request(start + 1s);
  CHECK(uut.of(1).latency.sum() == 0);
}

TEST_CASE("a strategy has cells when it is called, and no number others'") {
  metric_block uut{3};
  CHECK(uut.find(1) == nullptr);
  auto& first = uut.of(1);
  CHECK(uut.find(1) == &first);
  CHECK(&uut.of(1) == &first);
  CHECK(&uut.of(2) != &first);
  CHECK(&uut.of(3) == &uut.of(0));
  CHECK(uut.find(0) == &uut.of(0));
}

TEST_CASE("what goes up and down may go down first") {
  metric_block one{1};
  metric_block other{1};
  one.subtract(metric::backlog_bytes, 0, 3);
  other.add(metric::backlog_bytes, 5);
  CHECK(one.get(metric::backlog_bytes, 0) + other.get(metric::backlog_bytes, 0)
        == 2);
}
