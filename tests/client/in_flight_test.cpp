#include "flamigo/client/detail/in_flight.hpp"

#include <chrono>

#include <catch2/catch_test_macros.hpp>

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

caf::message_id id(std::uint64_t n) {
  return caf::make_message_id(n);
}

const auto start = caf::actor_clock::time_point{};

} // namespace

TEST_CASE("a request is taken once") {
  in_flight requests;
  requests.add({id(1), nullptr, "a", start + 1s});
  requests.add({id(2), nullptr, "b", start + 2s});
  pending_request result;
  REQUIRE(requests.take(id(1), result));
  CHECK(result.ack_id == "a");
  CHECK_FALSE(requests.take(id(1), result));
  CHECK(requests.size() == 1);
}

TEST_CASE("expired requests leave in the order of their coming") {
  in_flight requests;
  requests.add({id(1), nullptr, "late", start + 9s});
  requests.add({id(2), nullptr, "first", start + 2s});
  requests.add({id(3), nullptr, "second", start + 3s});
  CHECK(requests.next_deadline() == start + 2s);
  pending_request result;
  REQUIRE(requests.take_expired(start + 3s, result));
  CHECK(result.ack_id == "first");
  REQUIRE(requests.take_expired(start + 3s, result));
  CHECK(result.ack_id == "second");
  CHECK_FALSE(requests.take_expired(start + 3s, result));
  CHECK(requests.next_deadline() == start + 9s);
}
