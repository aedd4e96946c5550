#pragma once

#include <memory>
#include <mutex>
#include <string>

#include <sqlite3.h>

#include "ledger.hpp"

namespace auction {

/// A ledger in a file of SQLite. One connection, which its users take turns
/// with.
class sqlite_ledger final : public ledger {
public:
  /// Makes the file if there is none; `:memory:` for none at all. Throws
  /// std::runtime_error, as all functions do.
  explicit sqlite_ledger(const std::string& file);

  void add(const past_bid& what) override;

  std::int64_t add(const sale& what) override;

  void strike(std::int64_t sale_line) override;

  std::vector<past_bid> bids(std::uint64_t lot, std::size_t skip,
                             std::size_t limit) override;

private:
  struct closer {
    void operator()(sqlite3* db) const {
      sqlite3_close(db);
    }
  };

  std::mutex mtx_;
  std::unique_ptr<sqlite3, closer> db_;
};

} // namespace auction
