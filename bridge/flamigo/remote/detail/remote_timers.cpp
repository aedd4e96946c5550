#include "flamigo/remote/detail/remote_timers.hpp"

#include <algorithm>

namespace flamigo::detail {

remote_timers::remote_timers(std::function<caf::timespan()> now,
                             std::function<void(caf::timespan)> wake)
  : now_(std::move(now)), wake_(std::move(wake)) {
}

remote_timers::id remote_timers::start(caf::timespan in, function what) {
  // Of what is as good as never, time has no name.
  auto result = id{now() + std::min(in, caf::timespan::max() - now()), ++last_};
  all_.emplace(result, std::move(what));
  if (!runs_)
    announce();
  return result;
}

void remote_timers::stop(id which) {
  all_.erase(which);
}

void remote_timers::run_due() {
  announced_.reset();
  runs_ = true;
  while (!all_.empty() && all_.begin()->first.first <= now()) {
    auto what = std::move(all_.begin()->second);
    all_.erase(all_.begin());
    what();
  }
  runs_ = false;
  announce();
}

std::optional<caf::timespan> remote_timers::next() const {
  if (all_.empty())
    return std::nullopt;
  return all_.begin()->first.first;
}

void remote_timers::announce() {
  auto at = next();
  if (!at || (announced_ && *announced_ <= *at))
    return;
  announced_ = at;
  wake_(*at);
}

} // namespace flamigo::detail
