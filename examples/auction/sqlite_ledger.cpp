#include "sqlite_ledger.hpp"

#include <stdexcept>

#include "statement.hpp"

namespace auction {

namespace {

std::int64_t number(std::uint64_t x) {
  return static_cast<std::int64_t>(x);
}

} // namespace

sqlite_ledger::sqlite_ledger(const std::string& file) {
  sqlite3* raw = nullptr;
  auto result = sqlite3_open(file.c_str(), &raw);
  db_.reset(raw);
  if (result != SQLITE_OK)
    throw std::runtime_error{"cannot open " + file + ": "
                             + sqlite3_errmsg(raw)};
  // Nobody waits for a lock of another process for ever.
  sqlite3_busy_timeout(raw, 2'000);
  statement{raw, "create table if not exists bids (lot integer not null, "
                 "bidder text not null, amount integer not null)"}
    .step();
  statement{raw, "create index if not exists bids_of_lot on bids (lot)"}.step();
  statement{raw, "create table if not exists sales (lot integer not null, "
                 "title text not null, seller text not null, "
                 "winner text not null, price integer not null)"}
    .step();
}

void sqlite_ledger::add(const past_bid& what) {
  std::lock_guard guard{mtx_};
  statement{db_.get(), "insert into bids values (?, ?, ?)"}
    .bind(1, number(what.lot))
    .bind(2, what.bidder)
    .bind(3, what.amount)
    .step();
}

std::int64_t sqlite_ledger::add(const sale& what) {
  std::lock_guard guard{mtx_};
  statement{db_.get(), "insert into sales values (?, ?, ?, ?, ?)"}
    .bind(1, number(what.lot))
    .bind(2, what.title)
    .bind(3, what.seller)
    .bind(4, what.winner)
    .bind(5, what.price)
    .step();
  return sqlite3_last_insert_rowid(db_.get());
}

void sqlite_ledger::strike(std::int64_t sale_line) {
  std::lock_guard guard{mtx_};
  statement{db_.get(), "delete from sales where rowid = ?"}
    .bind(1, sale_line)
    .step();
}

std::vector<past_bid> sqlite_ledger::bids(std::uint64_t lot, std::size_t skip,
                                          std::size_t limit) {
  std::lock_guard guard{mtx_};
  statement rows{db_.get(), "select bidder, amount from bids where lot = ? "
                            "order by amount limit ? offset ?"};
  rows.bind(1, number(lot)).bind(2, number(limit)).bind(3, number(skip));
  std::vector<past_bid> result;
  while (rows.step())
    result.push_back({lot, rows.text(0), rows.number(1)});
  return result;
}

} // namespace auction
