#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <caf/actor_clock.hpp>
#include <caf/expected.hpp>

#include "messages.hpp"

namespace auction {

/// The highest bid on a lot.
struct leader {
  /// The user's id, and the name for others.
  std::string id;
  std::string name;
  std::int64_t amount;
  /// Of the money in the wallet.
  std::string reservation;
};

/// Something that is being sold.
struct lot {
  std::uint64_t id;
  std::string title;
  std::string seller_id;
  std::string seller;
  std::int64_t price;
  caf::actor_clock::time_point end;
  std::optional<leader> best = {};
  /// Names by connection: whoever has two windows open is there twice.
  std::map<std::string, std::string> watchers = {};

  /// What the highest bid is, or would have to be.
  std::int64_t highest() const noexcept {
    return best ? best->amount : price;
  }
};

/// The lots that are being sold: plain C++, the state of the domain actor, with
/// the rules of who may bid what.
class lots {
public:
  using time_point = caf::actor_clock::time_point;

  static constexpr std::size_t max_lots = 10'000;

  /// Fails when there are too many.
  caf::expected<lot*> add(const offer& what, std::string seller_id,
                          std::string seller, time_point end);

  /// Fails when it is not sold, or any more.
  caf::expected<lot*> find(std::uint64_t id);

  /// No error if this bid would be the highest.
  static caf::error check(const lot& what, const std::string& user,
                          std::int64_t amount);

  /// Takes a lot out: bids come too late from here on.
  std::optional<lot> take(std::uint64_t id);

  std::vector<lot_view> list(time_point now) const;

  static lot_view view(const lot& what, time_point now);

  static std::vector<std::string> watchers(const lot& what);

  /// Whoever was connected watches nothing any more; returns what he watched.
  std::vector<const lot*> forget(const std::string& connection);

private:
  std::map<std::uint64_t, lot> by_id_;
  std::uint64_t last_ = 0;
};

} // namespace auction
