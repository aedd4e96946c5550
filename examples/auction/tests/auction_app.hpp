#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include <flamigo/testing.hpp>

#include "auctioneer.hpp"
#include "audit.hpp"
#include "sqlite_ledger.hpp"
#include "wallet.hpp"

namespace auction {

/// A ledger that may be told to fail.
class test_ledger final : public ledger {
public:
  void add(const past_bid& what) override {
    check();
    file_.add(what);
  }

  std::int64_t add(const sale& what) override {
    check();
    auto line = file_.add(what);
    sales.emplace(line, what);
    return line;
  }

  void strike(std::int64_t sale_line) override {
    check();
    file_.strike(sale_line);
    sales.erase(sale_line);
    ++struck;
  }

  std::vector<past_bid> bids(std::uint64_t lot, std::size_t skip,
                             std::size_t limit) override {
    check();
    return file_.bids(lot, skip, limit);
  }

  bool fails = false;
  int struck = 0;
  std::map<std::int64_t, sale> sales;

private:
  void check() const {
    if (fails)
      throw std::runtime_error{"the disk is full"};
  }

  sqlite_ledger file_{":memory:"};
};

/// All of the auction, with fake users.
struct app : flamigo::testing::app {
  app() {
    authenticate();
    purse = host(auction::wallet);
    host(auction::audit, books);
    desk = host(auction::auctioneer, books,
                caf::timespan{std::chrono::seconds{30}});
  }

  /// A client of the user who has this name and this much money.
  flamigo::testing::fake_client log_in(const std::string& name,
                                       std::int64_t money = 0) {
    auto result = connect(flamigo::user{.id = name, .name = name});
    if (money > 0)
      result.call<void>("app::wallet:deposit", money);
    return result;
  }

  std::shared_ptr<test_ledger> books = std::make_shared<test_ledger>();
  flamigo::domain_handle purse;
  flamigo::domain_handle desk;
};

inline balance money_of(flamigo::testing::fake_client& who) {
  return who.call<balance>("app::wallet:balance");
}

} // namespace auction
