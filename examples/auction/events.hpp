// What happens to a lot: published on the bus under the lot's topic, and pushed
// to the clients that watch it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include <flamigo/bus/event_type.hpp>

namespace auction {

inline flamigo::topic lot_topic(std::uint64_t lot) {
  return flamigo::topic{"lots/" + std::to_string(lot)};
}

/// Somebody offers more than all before.
struct outbid {
  std::uint64_t lot;
  std::string bidder;
  std::int64_t amount;
  std::int64_t secondsLeft; // NOLINT: as JavaScript reads it

  flamigo::topic topics() const {
    return lot_topic(lot);
  }

  flamigo::client_message to_client() const {
    return flamigo::make_client_message("auction:bid", *this);
  }
};

BOOST_DESCRIBE_STRUCT(outbid, (), (lot, bidder, amount, secondsLeft))

/// A lot is sold, or was not wanted.
struct closed {
  std::uint64_t lot;
  /// Nobody, if it was not sold.
  std::optional<std::string> winner;
  std::int64_t price;

  flamigo::topic topics() const {
    return lot_topic(lot);
  }

  flamigo::client_message to_client() const {
    return flamigo::make_client_message("auction:closed", *this);
  }
};

BOOST_DESCRIBE_STRUCT(closed, (), (lot, winner, price))

/// Who watches a lot is not who it was.
struct watched {
  std::uint64_t lot;
  std::vector<std::string> watchers;

  flamigo::topic topics() const {
    return lot_topic(lot);
  }

  flamigo::client_message to_client() const {
    return flamigo::make_client_message("auction:watched", *this);
  }
};

BOOST_DESCRIBE_STRUCT(watched, (), (lot, watchers))

} // namespace auction
