#include "delivery_ledger.hpp"

#include <array>

#include <catch2/catch_test_macros.hpp>

using namespace flamigo::load;

TEST_CASE("what comes once and in order is fine") {
  delivery_ledger ledger{2, 2};
  for (std::uint64_t n = 0; n < 3; ++n)
    for (std::size_t subscriber : {0u, 1u})
      for (std::size_t publisher : {0u, 1u})
        ledger.heard(subscriber, publisher, n);
  CHECK(ledger.delivered() == 12);
  CHECK(ledger.duplicated() == 0);
  CHECK(ledger.reordered() == 0);
  CHECK(ledger.missing(std::array<std::uint64_t, 2>{3, 3}) == 0);
  CHECK(ledger.missing(std::array<std::uint64_t, 2>{3, 4}) == 2);
}

TEST_CASE("a gap is a loss until it is filled, then it is out of order") {
  delivery_ledger ledger{1, 1};
  std::array<std::uint64_t, 1> published{4};
  ledger.heard(0, 0, 0);
  ledger.heard(0, 0, 3);
  CHECK(ledger.missing(published) == 2);
  CHECK(ledger.reordered() == 0);
  ledger.heard(0, 0, 2);
  ledger.heard(0, 0, 1);
  CHECK(ledger.missing(published) == 0);
  CHECK(ledger.reordered() == 2);
  CHECK(ledger.duplicated() == 0);
}

TEST_CASE("what comes again is a duplicate and fills no gap") {
  delivery_ledger ledger{1, 1};
  std::array<std::uint64_t, 1> published{3};
  ledger.heard(0, 0, 0);
  ledger.heard(0, 0, 0);
  ledger.heard(0, 0, 2);
  ledger.heard(0, 0, 2);
  CHECK(ledger.duplicated() == 2);
  CHECK(ledger.delivered() == 2);
  CHECK(ledger.missing(published) == 1);
}
