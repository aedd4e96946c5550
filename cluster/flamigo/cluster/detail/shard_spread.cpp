#include "flamigo/cluster/detail/shard_spread.hpp"

#include <algorithm>
#include <utility>

#include "flamigo/strategy/detail/shard_hash.hpp"

namespace flamigo::detail {

std::string shard_spread::place(const view& what) const {
  // Highest random weight: each pair of node and shard has a number, and the
  // largest one wins.
  auto weight = [this](const std::string& node) {
    return shard_hash(node + '/' + name_);
  };
  auto result = what.self;
  for (auto& node : what.settled)
    if (!declined_.contains(node) && weight(node) > weight(result))
      result = node;
  return result;
}

auto shard_spread::look(const view& what) -> advice {
  auto is_there = [&](const std::string& node) {
    return std::find(what.present.begin(), what.present.end(), node)
           != what.present.end();
  };
  std::erase_if(declined_, [&](auto& x) { return !is_there(x); });
  if (is_there(what.holder))
    declined_.erase(what.holder);
  auto is_vacant = !what.held && !is_there(what.holder);
  if (is_vacant && !std::exchange(is_vacant_, true))
    vacant_since_ = what.now;
  is_vacant_ = is_vacant;
  auto best = place(what);
  if (is_vacant && best != what.self && what.now - vacant_since_ >= patience) {
    declined_.insert(best);
    vacant_since_ = what.now;
    best = place(what);
  }
  return best == what.self ? advice::take : advice::leave;
}

} // namespace flamigo::detail
