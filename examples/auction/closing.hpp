#pragma once

#include <cstdint>

#include "auctioneer.hpp"

namespace auction {

/// What happens at the end of a lot: the winner is asked, the sale is written
/// down, the money changes hands, and all who watch are told.
flamigo::task<void> close(flamigo::domain_actor<auctioneer_state>* self,
                          std::uint64_t id, ledger_ptr ledger);

} // namespace auction
