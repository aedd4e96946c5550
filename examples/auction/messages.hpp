// What the auction's clients and its strategies say to each other. Money is in
// cents.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include <flamigo/error/field_error.hpp>

namespace auction {

/// More than anybody has, and far from where sums overflow.
constexpr std::int64_t max_amount = 1'000'000'000'000;

inline void check_amount(const char* field, std::int64_t value,
                         std::vector<flamigo::field_error>& errors) {
  if (value < 1 || value > max_amount)
    errors.push_back(
      {field, "must be from 1 to " + std::to_string(max_amount) + " cents"});
}

/// Input of app::auction:offer.
struct offer {
  std::string title;
  std::int64_t price;
  /// How long bids are taken.
  std::uint32_t seconds = 60;

  void validate(std::vector<flamigo::field_error>& errors) const {
    if (title.empty() || title.size() > 200)
      errors.push_back({"title", "must have 1 to 200 bytes"});
    check_amount("price", price, errors);
    if (seconds < 1 || seconds > 86'400)
      errors.push_back({"seconds", "must be from 1 to 86400"});
  }
};

BOOST_DESCRIBE_STRUCT(offer, (), (title, price, seconds))

/// What is known of a lot that is being sold.
struct lot_view {
  std::uint64_t id;
  std::string title;
  std::string seller;
  /// The highest bid, or what was asked for as long as there is none.
  std::int64_t price;
  std::optional<std::string> bidder;
  std::int64_t secondsLeft; // NOLINT: as JavaScript reads it
  std::vector<std::string> watchers;
};

BOOST_DESCRIBE_STRUCT(lot_view, (),
                      (id, title, seller, price, bidder, secondsLeft, watchers))

/// Names a lot: input of app::auction:watch, leave and bids.
struct which_lot {
  std::uint64_t lot;
};

BOOST_DESCRIBE_STRUCT(which_lot, (), (lot))

/// Input of app::auction:bid.
struct bid {
  std::uint64_t lot;
  std::int64_t amount;

  void validate(std::vector<flamigo::field_error>& errors) const {
    check_amount("amount", amount, errors);
  }
};

BOOST_DESCRIBE_STRUCT(bid, (), (lot, amount))

/// What the winner of a lot is asked.
struct question {
  std::uint64_t lot;
  std::string title;
  std::int64_t price;
};

BOOST_DESCRIBE_STRUCT(question, (), (lot, title, price))

/// A bid that was the highest once: what app::auction:bids answers with, one
/// after the other.
struct past_bid {
  std::uint64_t lot;
  std::string bidder;
  std::int64_t amount;
};

BOOST_DESCRIBE_STRUCT(past_bid, (), (lot, bidder, amount))

/// Input of app::wallet:reserve: sets money of whoever acts aside, under a name
/// by which it can be given back or paid.
struct reservation {
  std::string name;
  std::int64_t amount;
};

BOOST_DESCRIBE_STRUCT(reservation, (), (name, amount))

/// Input of app::wallet:pay: what was set aside goes to somebody.
struct payment {
  std::string reservation;
  std::string to;
};

BOOST_DESCRIBE_STRUCT(payment, (), (reservation, to))

/// Answer of app::wallet:balance.
struct balance {
  std::int64_t free;
  std::int64_t reserved;
};

BOOST_DESCRIBE_STRUCT(balance, (), (free, reserved))

} // namespace auction
