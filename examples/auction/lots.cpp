#include "lots.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <flamigo/error/error.hpp>

namespace auction {

caf::expected<lot*> lots::add(const offer& what, std::string seller_id,
                              std::string seller, time_point end) {
  if (by_id_.size() >= max_lots)
    return flamigo::public_error("too much is being sold, try later", 503,
                                 "too_many_lots");
  // Later than all that stand in the books from before a restart.
  using namespace std::chrono;
  auto now
    = duration_cast<milliseconds>(system_clock::now().time_since_epoch());
  auto id = last_ = std::max(last_ + 1,
                             static_cast<std::uint64_t>(now.count()));
  lot made{id,         what.title, std::move(seller_id), std::move(seller),
           what.price, end};
  return &by_id_.emplace(id, std::move(made)).first->second;
}

caf::expected<lot*> lots::find(std::uint64_t id) {
  auto i = by_id_.find(id);
  if (i == by_id_.end())
    return flamigo::public_error("this lot is not for sale", 404, "no_lot");
  return &i->second;
}

caf::error lots::check(const lot& what, const std::string& user,
                       std::int64_t amount) {
  auto refuse = [](std::string why, std::string code) {
    return flamigo::public_error(std::move(why), 409, std::move(code));
  };
  if (user == what.seller_id)
    return refuse("you are the one who sells it", "own_lot");
  if (what.best && what.best->id == user)
    return refuse("yours is the highest bid already", "own_bid");
  if (amount < what.price || (what.best && amount <= what.best->amount))
    return refuse("somebody offers more", "too_little");
  return {};
}

std::optional<lot> lots::take(std::uint64_t id) {
  auto taken = by_id_.extract(id);
  if (taken.empty())
    return std::nullopt;
  return std::move(taken.mapped());
}

// -- for others ---------------------------------------------------------------

lot_view lots::view(const lot& what, time_point now) {
  auto left = std::chrono::duration_cast<std::chrono::seconds>(what.end - now);
  lot_view result{what.id, what.title,   what.seller,   what.highest(),
                  {},      left.count(), watchers(what)};
  if (what.best)
    result.bidder = what.best->name;
  return result;
}

std::vector<lot_view> lots::list(time_point now) const {
  std::vector<lot_view> result;
  for (auto& [id, what] : by_id_)
    result.push_back(view(what, now));
  return result;
}

std::vector<std::string> lots::watchers(const lot& what) {
  std::vector<std::string> result;
  for (auto& [connection, name] : what.watchers)
    result.push_back(name);
  return result;
}

std::vector<const lot*> lots::forget(const std::string& connection) {
  std::vector<const lot*> result;
  for (auto& [id, what] : by_id_)
    if (what.watchers.erase(connection) > 0)
      result.push_back(&what);
  return result;
}

} // namespace auction
