#include <string>

#include <catch2/catch_test_macros.hpp>

#include "auction_app.hpp"
#include "events.hpp"
#include "login.hpp"

using namespace auction;

TEST_CASE("every bid that led is in the books") {
  auction::app app;
  auto sam = app.log_in("Sam");
  auto ada = app.log_in("Ada", 1'000);
  auto bob = app.log_in("Bob", 1'000);
  auto lot
    = sam.call<lot_view>("app::auction:offer", offer{"a clock", 100, 60}).id;
  for (auto amount : {100, 200, 300}) {
    auto& who = amount == 200 ? bob : ada;
    who.call<lot_view>("app::auction:bid", bid{lot, amount});
  }
  auto written = app.books->bids(lot, 0, 10);
  REQUIRE(written.size() == 3);
  CHECK(written[1].bidder == "Bob");
  CHECK(written[2].amount == 300);
  CHECK(app.books->bids(lot, 1, 1).at(0).amount == 200);
  CHECK(app.books->bids(lot + 1, 0, 10).empty());
}

TEST_CASE("the bids on a lot come as a stream, from page to page") {
  auction::app app;
  for (std::int64_t amount = 1; amount <= 250; ++amount)
    app.books->add(past_bid{7, "Ada", amount});
  auto bob = app.connect();
  auto ref = bob.send("app::auction:bids", which_lot{7});
  auto items = bob.expect_items<past_bid>(ref);
  REQUIRE(items.size() == 250);
  CHECK(items.back().amount == 250);
  app.books->fails = true;
  bob.expect_error(bob.send("app::auction:bids", which_lot{7}), 500);
}

TEST_CASE("bids go on while the books are closed") {
  auction::app app;
  auto sam = app.log_in("Sam");
  auto ada = app.log_in("Ada", 1'000);
  auto lot
    = sam.call<lot_view>("app::auction:offer", offer{"a clock", 100, 60}).id;
  app.books->fails = true;
  CHECK(ada.call<lot_view>("app::auction:bid", bid{lot, 100}).bidder == "Ada");
  app.books->fails = false;
  CHECK(app.books->bids(lot, 0, 10).empty());
}

TEST_CASE("a token of the demo names its user") {
  flamigo::claims handshake;
  CHECK(user_of_token("demo-Ada", handshake)->name == "Ada");
  for (auto token : {"", "Ada", "demo-"})
    CHECK_FALSE(user_of_token(token, handshake));
  CHECK_FALSE(user_of_token("demo-" + std::string(65, 'x'), handshake));
}
