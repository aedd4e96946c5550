#include "auctioneer.hpp"

#include <utility>

#include "closing.hpp"
#include "events.hpp"

namespace auction {

namespace {

using actor = flamigo::domain_actor<auctioneer_state>;

/// The ledger is read in pieces.
constexpr std::size_t page = 100;

void set_end(actor* self, lot& what, caf::timespan left,
             const ledger_ptr& ledger) {
  what.end = self->clock().now() + left;
  auto& timer = self->state.ends[what.id];
  timer.cancel();
  timer = self->after(left,
                      [=, id = what.id] { return close(self, id, ledger); });
}

caf::expected<lot_view> put_up(actor* self, const flamigo::user& me,
                               const offer& in, const ledger_ptr& ledger) {
  auto added = self->state.lots.add(in, me.id, me.name, {});
  if (!added)
    return added.error();
  set_end(self, **added, std::chrono::seconds{in.seconds}, ledger);
  return lots::view(**added, self->clock().now());
}

/// Others bid while this one waits for the wallet, so what was true before may
/// not be true behind it.
flamigo::task<lot_view> place(actor* self, flamigo::context ctx,
                              flamigo::user me, bid in, ledger_ptr ledger) {
  auto& lots = self->state.lots;
  auto what = lots.find(in.lot);
  if (!what)
    co_return what.error();
  if (auto err = lots::check(**what, me.id, in.amount))
    co_return err;
  // No other incarnation of this domain has had it.
  auto name = "bid " + std::to_string(self->id()) + "/"
              + std::to_string(++self->state.reservations);
  reservation money{name, in.amount};
  auto reserved = co_await ctx.call_strategy<void>("app::wallet:reserve",
                                                   money);
  // Also when the bidder has gone meanwhile, or has waited for too long: then
  // nobody knows whether the money is set aside.
  auto err = reserved ? caf::error{} : std::move(reserved.error());
  what = lots.find(in.lot);
  if (!err)
    err = what ? lots::check(**what, me.id, in.amount) : what.error();
  if (err) {
    ctx.keep().call_strategy<void>("app::wallet:give_back", name).ignore();
    co_return err;
  }
  auto& lot = **what;
  if (lot.best)
    self->call_strategy<void>("app::wallet:give_back", lot.best->reservation)
      .ignore();
  lot.best = leader{me.id, me.name, in.amount, name};
  auto last_call = self->state.last_call;
  if (lot.end < self->clock().now() + last_call)
    set_end(self, lot, last_call, ledger);
  auto result = lots::view(lot, self->clock().now());
  if (auto why
      = ctx.publish(outbid{lot.id, me.name, in.amount, result.secondsLeft}))
    co_return why;
  co_return result;
}

caf::expected<lot_view> watch(actor* self, flamigo::context& ctx,
                              flamigo::client& client, const flamigo::user& me,
                              const which_lot& in) {
  auto what = self->state.lots.find(in.lot);
  if (!what)
    return what.error();
  if (auto err = client.subscribe(lot_topic(in.lot)))
    return err;
  (*what)->watchers[ctx.claims().connection_id] = me.name;
  if (auto err = ctx.publish(watched{in.lot, lots::watchers(**what)}))
    return err;
  return lots::view(**what, self->clock().now());
}

caf::error leave(actor* self, flamigo::context& ctx, flamigo::client& client,
                 const which_lot& in) {
  client.unsubscribe(lot_topic(in.lot));
  auto what = self->state.lots.find(in.lot);
  if (!what || (*what)->watchers.erase(ctx.claims().connection_id) == 0)
    return {};
  return ctx.publish(watched{in.lot, lots::watchers(**what)});
}

/// Comes once for every connection, however it ended.
caf::error forget(actor* self, flamigo::context& ctx,
                  const flamigo::client_disconnected& gone) {
  for (auto what : self->state.lots.forget(gone.connection_id))
    if (auto err = ctx.publish(watched{what->id, lots::watchers(*what)}))
      return err;
  return {};
}

/// From the oldest on, as fast as the client takes them.
flamigo::stream<past_bid> past_bids(flamigo::context ctx, which_lot in,
                                    ledger_ptr ledger) {
  for (std::size_t skip = 0;; skip += page) {
    auto read = [=] { return ledger->bids(in.lot, skip, page); };
    auto bids = co_await flamigo::blocking(ctx, read).or_throw();
    for (auto& x : bids)
      co_yield x;
    if (bids.size() < page)
      co_return;
  }
}

} // namespace

flamigo::domain_behavior auctioneer(actor* self, ledger_ptr ledger,
                                    caf::timespan last_call) {
  using flamigo::on;
  self->state.last_call = last_call;
  self->subscribe(flamigo::client_disconnected::all);
  return {
    on("app::auction:offer",
       [=](const flamigo::user& me, const offer& in) {
         return put_up(self, me, in, ledger);
       }),
    on("app::auction:list", flamigo::open_to_guests(),
       [=] { return self->state.lots.list(self->clock().now()); }),
    on("app::auction:bid",
       [=](flamigo::context ctx, flamigo::user me, bid in) {
         return place(self, std::move(ctx), std::move(me), in, ledger);
       }),
    on("app::auction:watch",
       [=](flamigo::context& ctx, flamigo::client& client,
           const flamigo::user& me,
           const which_lot& in) { return watch(self, ctx, client, me, in); }),
    on("app::auction:leave", flamigo::is_authenticated(),
       [=](flamigo::context& ctx, flamigo::client& client,
           const which_lot& in) { return leave(self, ctx, client, in); }),
    on("app::auction:bids", flamigo::open_to_guests(),
       [=](flamigo::context ctx, which_lot in) {
         return past_bids(std::move(ctx), in, ledger);
       }),
    flamigo::listen(
      [=](flamigo::context& ctx, const flamigo::client_disconnected& gone) {
        return forget(self, ctx, gone);
      }),
  };
}

} // namespace auction
