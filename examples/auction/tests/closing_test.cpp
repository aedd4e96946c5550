#include <chrono>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "auction_app.hpp"
#include "events.hpp"

using namespace auction;
using namespace std::chrono_literals;

namespace {

/// A lot that Bob watches, and for which Ada has bid 200 of her 1,000.
struct fixture : auction::app {
  fixture() {
    lot = seller.call<lot_view>("app::auction:offer", offer{"a clock", 100, 60})
            .id;
    ada.call<lot_view>("app::auction:bid", bid{lot, 200});
    bob.call<lot_view>("app::auction:watch", which_lot{lot});
    bob.heard();
  }

  closed end() {
    return bob.expect_push<closed>("auction:closed");
  }

  void nothing_was_sold() {
    CHECK_FALSE(end().winner);
    CHECK(money_of(ada).free == 1'000);
    CHECK(money_of(ada).reserved == 0);
    CHECK(money_of(seller).free == 0);
    CHECK(books->sales.empty());
  }

  flamigo::testing::fake_client seller = log_in("Sam");
  flamigo::testing::fake_client ada = log_in("Ada", 1'000);
  flamigo::testing::fake_client bob = log_in("Bob");
  std::uint64_t lot = 0;
};

} // namespace

TEST_CASE_METHOD(fixture, "a winner who confirms has bought") {
  advance(60s);
  auto asked = ada.expect_request<question>("auction:confirm");
  CHECK(asked.title == "a clock");
  CHECK(asked.price == 200);
  ada.answer(true);
  auto over = end();
  CHECK(over.winner == "Ada");
  CHECK(over.price == 200);
  CHECK(money_of(ada).free == 800);
  CHECK(money_of(ada).reserved == 0);
  CHECK(money_of(seller).free == 200);
  REQUIRE(books->sales.size() == 1);
  CHECK(books->sales.begin()->second.winner == "Ada");
}

TEST_CASE_METHOD(fixture, "a winner who says no has not bought") {
  advance(60s);
  ada.expect_request<question>("auction:confirm");
  ada.answer(false);
  nothing_was_sold();
}

TEST_CASE_METHOD(fixture, "a winner who says nothing has not bought") {
  advance(60s);
  ada.expect_request<question>("auction:confirm");
  advance(9s);
  bob.expect_nothing();
  advance(1s);
  nothing_was_sold();
}

TEST_CASE_METHOD(fixture, "a winner who has gone has not bought") {
  ada.disconnect();
  advance(60s);
  ada = log_in("Ada");
  nothing_was_sold();
}

TEST_CASE_METHOD(fixture, "a sale that cannot be written down is none") {
  advance(60s);
  ada.expect_request<question>("auction:confirm");
  books->fails = true;
  ada.answer(true);
  nothing_was_sold();
}

TEST_CASE_METHOD(fixture, "a sale that cannot be paid is struck out") {
  // With its supervisor, so that nobody starts it anew.
  caf::anon_send_exit(purse.actor(), caf::exit_reason::kill);
  advance(60s);
  ada.expect_request<question>("auction:confirm");
  ada.answer(true);
  CHECK_FALSE(end().winner);
  CHECK(books->struck == 1);
  CHECK(books->sales.empty());
}

TEST_CASE_METHOD(fixture, "bids come too late while the winner is asked") {
  advance(60s);
  ada.expect_request<question>("auction:confirm");
  bob.call<void>("app::wallet:deposit", 500);
  bob.expect_error(bob.send("app::auction:bid", bid{lot, 300}), 404);
  CHECK(money_of(bob).free == 500);
  ada.answer(true);
  CHECK(end().winner == "Ada");
}

TEST_CASE_METHOD(fixture, "money is free again when the auction falls") {
  auto fallen = [&](const char* domain) {
    CHECK_FALSE(bus().publish(flamigo::domain_down{domain, "a test", true}));
    run();
  };
  fallen("app::another");
  CHECK(money_of(ada).reserved == 200);
  fallen("app::auction");
  CHECK(money_of(ada).free == 1'000);
  CHECK(money_of(ada).reserved == 0);
}

TEST_CASE("what nobody bids for ends all the same") {
  auction::app app;
  auto sam = app.log_in("Sam");
  auto lot
    = sam.call<lot_view>("app::auction:offer", offer{"a clock", 100, 60}).id;
  sam.call<lot_view>("app::auction:watch", which_lot{lot});
  sam.heard();
  app.advance(60s);
  CHECK_FALSE(sam.expect_push<closed>("auction:closed").winner);
  CHECK(sam.call<std::vector<lot_view>>("app::auction:list").empty());
}
