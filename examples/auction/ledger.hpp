#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "messages.hpp"

namespace auction {

/// A lot that was sold.
struct sale {
  std::uint64_t lot;
  std::string title;
  std::string seller;
  std::string winner;
  std::int64_t price;
};

/// What is written down for ever: a port, behind which there is a database. Its
/// functions block and throw, so they are called by way of `flamigo::blocking`,
/// on several threads at once.
class ledger {
public:
  virtual ~ledger() = default;

  virtual void add(const past_bid& what) = 0;

  /// Returns the number of the line, for `strike`.
  virtual std::int64_t add(const sale& what) = 0;

  /// Takes a sale out again that came to nothing.
  virtual void strike(std::int64_t sale_line) = 0;

  /// Bids on a lot in the order in which they came, behind the first ones.
  virtual std::vector<past_bid>
  bids(std::uint64_t lot, std::size_t skip, std::size_t limit) = 0;
};

using ledger_ptr = std::shared_ptr<ledger>;

} // namespace auction
