#include "wallet.hpp"

namespace auction {

namespace {

caf::error refuse(std::string why, std::string code) {
  return flamigo::public_error(std::move(why), 409, std::move(code));
}

caf::error deposit(wallet_state& wallet, const std::string& user,
                   std::int64_t amount) {
  auto& free = wallet.free[user];
  if (amount < 1 || amount > max_amount - free)
    return refuse("that is no amount that can be put in", "no_amount");
  free += amount;
  return {};
}

caf::error reserve(wallet_state& wallet, const std::string& user,
                   const reservation& what) {
  if (wallet.reserved.count(what.name) > 0)
    return refuse("there is such a reservation already", "reserved");
  auto& free = wallet.free[user];
  if (free < what.amount)
    return refuse("you have not got that much", "no_money");
  free -= what.amount;
  wallet.reserved.emplace(what.name, wallet_state::held{user, what.amount});
  return {};
}

caf::error pay(wallet_state& wallet, const std::string& name,
               const std::string& to) {
  auto held = wallet.reserved.extract(name);
  if (held.empty())
    return refuse("there is no such reservation", "not_reserved");
  wallet.free[to] += held.mapped().amount;
  return {};
}

void give_back(wallet_state& wallet, const std::string& name) {
  if (auto held = wallet.reserved.extract(name))
    wallet.free[held.mapped().user] += held.mapped().amount;
}

/// Whoever has set it aside is gone.
void give_all_back(wallet_state& wallet) {
  for (auto& [name, held] : wallet.reserved)
    wallet.free[held.user] += held.amount;
  wallet.reserved.clear();
}

balance look(const wallet_state& wallet, const std::string& user) {
  balance result{0, 0};
  if (auto i = wallet.free.find(user); i != wallet.free.end())
    result.free = i->second;
  for (auto& [name, held] : wallet.reserved)
    if (held.user == user)
      result.reserved += held.amount;
  return result;
}

} // namespace

flamigo::domain_behavior wallet(flamigo::domain_actor<wallet_state>* self) {
  using flamigo::internal;
  using flamigo::on;
  self->subscribe(flamigo::domain_down::all);
  return {
    on("app::wallet:deposit",
       [=](const flamigo::user& me, std::int64_t amount) {
         return deposit(self->state, me.id, amount);
       }),
    on("app::wallet:balance",
       [=](const flamigo::user& me) { return look(self->state, me.id); }),
    on("app::wallet:reserve", internal(),
       [=](const flamigo::user& me, const reservation& in) {
         return reserve(self->state, me.id, in);
       }),
    on("app::wallet:give_back", internal(),
       [=](const std::string& name) { give_back(self->state, name); }),
    on("app::wallet:pay", internal(),
       [=](const payment& in) {
         return pay(self->state, in.reservation, in.to);
       }),
    flamigo::listen([=](const flamigo::domain_down& what) {
      if (what.domain == "app::auction")
        give_all_back(self->state);
    }),
  };
}

} // namespace auction
