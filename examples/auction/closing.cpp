#include "closing.hpp"

#include "events.hpp"

namespace auction {

namespace {

/// No error if the winner still wants it, it is in the books, and it is paid.
flamigo::task<void> sell(flamigo::context& ctx, const lot& what,
                         const leader& winner, ledger_ptr ledger) {
  question sure{what.id, what.title, winner.amount};
  auto yes = co_await flamigo::request_user<bool>(
               ctx, winner.id, "auction:confirm", sure, confirmation)
               .or_throw();
  if (!yes)
    co_return flamigo::make_error(flamigo::errc::conflict,
                                  "the winner does not want it any more");
  sale line{what.id, what.title, what.seller, winner.name, winner.amount};
  auto write = [=] { return ledger->add(line); };
  auto written = co_await flamigo::blocking(ctx, write).or_throw();
  payment money{winner.reservation, what.seller_id};
  auto paid = co_await ctx.call_strategy<void>("app::wallet:pay", money);
  if (!paid) {
    auto strike = [=] { ledger->strike(written); };
    co_await flamigo::blocking(ctx, strike).or_throw();
  }
  co_return paid;
}

} // namespace

flamigo::task<void> close(flamigo::domain_actor<auctioneer_state>* self,
                          std::uint64_t id, ledger_ptr ledger) {
  self->state.ends.erase(id);
  auto taken = self->state.lots.take(id);
  if (!taken)
    co_return flamigo::ok;
  auto& what = *taken;
  closed result{id, {}, what.highest()};
  if (auto& winner = what.best) {
    // Each call that is made with it has a time of its own.
    auto ctx = self->as_domain();
    auto sold = co_await sell(ctx, what, *winner, ledger);
    if (sold) {
      result.winner = winner->name;
    } else {
      flamigo::log::info("lot " + std::to_string(id)
                         + " is not sold: " + flamigo::trace_of(sold.error()));
      self->call_strategy<void>("app::wallet:give_back", winner->reservation)
        .ignore();
    }
  }
  co_return self->publish(std::move(result));
}

} // namespace auction
