#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include <flamigo/flamigo.hpp>

#include "ledger.hpp"
#include "lots.hpp"

namespace auction {

/// What is being sold, and when each of it ends.
struct auctioneer_state {
  auction::lots lots;
  std::map<std::uint64_t, flamigo::timer> ends;
  /// Names the next reservation.
  std::uint64_t reservations = 0;
  /// Who bids within this time of the end moves the end, so that the others can
  /// answer.
  caf::timespan last_call{};

  static inline const char* name = "auction";
};

/// The winner has this time to say yes.
constexpr std::chrono::seconds confirmation{10};

/// The domain actor of app::auction: offer, list, watch, leave, bid, bids.
///
/// A bid counts when the wallet has set its money aside. Whoever is outbid gets
/// it back at once. At the end the winner is asked; if he does not say yes in
/// time, or the sale cannot be written down, the money is his again, and the
/// lot is not sold. A restart begins without lots.
flamigo::domain_behavior
auctioneer(flamigo::domain_actor<auctioneer_state>* self, ledger_ptr ledger,
           caf::timespan last_call);

} // namespace auction
