#include "flamigo/limit/detail/caller_state.hpp"

#include <algorithm>

namespace flamigo::detail {

bool caller_state::is_idle(pacer_clock::time_point now) const {
  if (connections > 0 || !messages.is_full(now))
    return false;
  std::scoped_lock lock{mtx_};
  return std::all_of(calls_.begin(), calls_.end(), [now](auto& calls) {
    return std::all_of(calls.second.begin(), calls.second.end(),
                       [now](auto& x) { return x.is_full(now); });
  });
}

std::vector<pacer>& caller_state::calls_of(const void* of, std::size_t size) {
  auto i = std::find_if(calls_.begin(), calls_.end(),
                        [of](auto& x) { return x.first == of; });
  if (i == calls_.end())
    i = calls_.insert(i, {of, std::vector<pacer>(size)});
  return i->second;
}

} // namespace flamigo::detail
