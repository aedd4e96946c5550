#include <chrono>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "auction_app.hpp"
#include "events.hpp"

using namespace auction;
using namespace std::chrono_literals;

namespace {

struct fixture : auction::app {
  lot_view put_up(std::int64_t price = 100, std::uint32_t seconds = 60) {
    return seller.call<lot_view>("app::auction:offer",
                                 offer{"a clock", price, seconds});
  }

  flamigo::testing::fake_client seller = log_in("Sam");
  flamigo::testing::fake_client ada = log_in("Ada", 1'000);
  flamigo::testing::fake_client bob = log_in("Bob", 500);
};

} // namespace

TEST_CASE_METHOD(fixture, "the highest bid leads, and its money is set aside") {
  auto lot = put_up().id;
  auto seen = ada.call<lot_view>("app::auction:bid", bid{lot, 100});
  CHECK(seen.price == 100);
  CHECK(seen.bidder == "Ada");
  CHECK(money_of(ada).free == 900);
  CHECK(money_of(ada).reserved == 100);
  bob.call<lot_view>("app::auction:bid", bid{lot, 150});
  CHECK(money_of(ada).free == 1'000);
  CHECK(money_of(ada).reserved == 0);
  CHECK(money_of(bob).reserved == 150);
}

TEST_CASE_METHOD(fixture, "a bid that cannot win changes nothing") {
  auto lot = put_up().id;
  bob.call<lot_view>("app::auction:bid", bid{lot, 200});
  auto code_of = [](auto& who, bid what, int status) {
    return who.expect_error(who.send("app::auction:bid", what), status).code;
  };
  CHECK(code_of(ada, {lot, 200}, 409) == "too_little");
  CHECK(code_of(bob, {lot, 300}, 409) == "own_bid");
  CHECK(code_of(seller, {lot, 300}, 409) == "own_lot");
  CHECK(code_of(ada, {lot, 1'001}, 409) == "no_money");
  CHECK(code_of(ada, {lot + 1, 300}, 404) == "no_lot");
  CHECK(code_of(ada, {lot, -5}, 400) == "invalid_payload");
  CHECK(money_of(ada).free == 1'000);
  CHECK(money_of(bob).reserved == 200);
}

TEST_CASE_METHOD(fixture, "the wallet is closed to clients") {
  auto refused = [&](std::string_view name, const auto& what) {
    ada.expect_error(ada.send(name, what), 404);
  };
  refused("app::wallet:reserve", reservation{"mine", 5});
  refused("app::wallet:give_back", std::string{"bid 1"});
  refused("app::wallet:pay", payment{"bid 1", "Ada"});
}

TEST_CASE_METHOD(fixture, "bids that come at once are settled in their order") {
  auto lot = put_up().id;
  std::vector<flamigo::testing::fake_client> many;
  std::vector<int> refs;
  for (int i = 0; i < 50; ++i)
    many.push_back(log_in("user " + std::to_string(i), 10'000));
  for (int i = 0; i < 50; ++i)
    refs.push_back(many[static_cast<std::size_t>(i)].send(
      "app::auction:bid", bid{lot, 100 + (i * 37) % 50}));
  run();
  std::int64_t reserved = 0;
  for (auto& x : many)
    reserved += money_of(x).reserved;
  auto all = ada.call<std::vector<lot_view>>("app::auction:list");
  CHECK(all.at(0).price == 149);
  CHECK(reserved == 149);
}

TEST_CASE_METHOD(fixture, "whoever watches hears of bids and of each other") {
  auto lot = put_up().id;
  auto seen = ada.call<lot_view>("app::auction:watch", which_lot{lot});
  CHECK(seen.watchers == std::vector<std::string>{"Ada"});
  ada.heard();
  bob.call<lot_view>("app::auction:watch", which_lot{lot});
  CHECK(ada.expect_push<watched>("auction:watched").watchers.size() == 2);
  bob.call<lot_view>("app::auction:bid", bid{lot, 120});
  auto heard = ada.expect_push<outbid>("auction:bid");
  CHECK(heard.bidder == "Bob");
  CHECK(heard.amount == 120);
  CHECK(heard.secondsLeft == 60);
  bob.disconnect();
  CHECK(ada.expect_push<watched>("auction:watched").watchers.size() == 1);
  ada.call<void>("app::auction:leave", which_lot{lot});
  seller.disconnect();
  ada.expect_nothing();
}

TEST_CASE_METHOD(fixture, "a late bid moves the end, an early one does not") {
  auto lot = put_up(100, 60).id;
  advance(20s);
  CHECK(ada.call<lot_view>("app::auction:bid", bid{lot, 100}).secondsLeft
        == 40);
  advance(35s);
  CHECK(bob.call<lot_view>("app::auction:bid", bid{lot, 110}).secondsLeft
        == 30);
  advance(29s);
  CHECK(ada.call<lot_view>("app::auction:bid", bid{lot, 120}).secondsLeft
        == 30);
  advance(30s);
  ada.expect_error(ada.send("app::auction:bid", bid{lot, 130}), 404);
}

TEST_CASE_METHOD(fixture,
                 "whoever is gone before the wallet answers owes nothing") {
  auto lot = put_up().id;
  ada.send("app::auction:bid", bid{lot, 100});
  ada.disconnect();
  run();
  auto again = log_in("Ada");
  auto money = money_of(again);
  CHECK(money.free + money.reserved == 1'000);
  // Either the bid came in time, or it is as if there had been none.
  auto all = again.call<std::vector<lot_view>>("app::auction:list");
  CHECK(money.reserved == (all.at(0).bidder ? 100 : 0));
}

TEST_CASE_METHOD(fixture, "without the wallet nobody bids") {
  auto lot = put_up().id;
  caf::anon_send_exit(purse.actor(), caf::exit_reason::user_shutdown);
  run();
  ada.expect_error(ada.send("app::auction:bid", bid{lot, 100}), 503);
  auto all = ada.call<std::vector<lot_view>>("app::auction:list");
  CHECK_FALSE(all.at(0).bidder);
}
