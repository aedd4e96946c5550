#include "audit.hpp"

#include <flamigo/serving.hpp>

#include "events.hpp"

namespace auction {

flamigo::domain_behavior audit(flamigo::domain_actor<>* self,
                               ledger_ptr ledger) {
  self->subscribe("lots/*");
  return {
    flamigo::listen(
      [=](flamigo::context ctx, outbid what) -> flamigo::task<void> {
        past_bid line{what.lot, what.bidder, what.amount};
        auto write = [=] { ledger->add(line); };
        co_return co_await flamigo::blocking(ctx, write);
      }),
  };
}

} // namespace auction
