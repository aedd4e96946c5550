#include "flamigo/limit/caller_table.hpp"

#include <algorithm>
#include <functional>

namespace flamigo {

std::shared_ptr<detail::caller_state> caller_table::find(std::string_view name,
                                                         time_point now) {
  std::string key{name};
  auto& where = shards_[std::hash<std::string>{}(key) % shards_.size()];
  std::scoped_lock lock{where.mtx};
  if (where.by_name.size() >= where.sweep_at)
    sweep(where, now);
  auto& found = where.by_name[std::move(key)];
  if (!found)
    found = std::make_shared<detail::caller_state>();
  return found;
}

void caller_table::sweep(shard& where, time_point now) {
  constexpr auto most = max_idle / std::tuple_size<decltype(shards_)>();
  // Nobody else gets hold of one while the lock is held.
  auto is_held = [](auto& x) { return x.second.use_count() > 1; };
  std::erase_if(where.by_name,
                [&](auto& x) { return !is_held(x) && x.second->is_idle(now); });
  auto excess = where.by_name.size() - std::min(where.by_name.size(), most);
  std::erase_if(where.by_name, [&](auto& x) {
    return excess > 0 && !is_held(x) && excess-- > 0;
  });
  where.sweep_at = std::max<std::size_t>(64, 2 * where.by_name.size());
  where.sweep_at = std::min(where.sweep_at, where.by_name.size() + most);
}

std::size_t caller_table::size() const {
  std::size_t result = 0;
  for (auto& x : shards_) {
    std::scoped_lock lock{x.mtx};
    result += x.by_name.size();
  }
  return result;
}

} // namespace flamigo
