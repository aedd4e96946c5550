#include "flamigo/limit/detail/call_limits.hpp"

#include <algorithm>

#include "flamigo/limit/detail/caller_state.hpp"

namespace flamigo::detail {

namespace {

std::size_t count_of(const std::vector<rate_limit>& what,
                     rate_limit::scope whose) {
  return static_cast<std::size_t>(std::count_if(
    what.begin(), what.end(), [whose](auto& x) { return x.whose == whose; }));
}

} // namespace

call_limits::call_limits(const std::vector<rate_limit>& what)
  : of_all_(count_of(what, rate_limit::scope::total)) {
  auto next = of_all_.begin();
  of_caller_.reserve(count_of(what, rate_limit::scope::caller));
  for (auto& x : what)
    if (x.whose == rate_limit::scope::total)
      (next++)->how_often = x.how_often;
    else
      of_caller_.push_back(x.how_often);
}

caf::timespan call_limits::admit(caller_state& who,
                                 pacer_clock::time_point now) {
  return who.admit(this, of_caller_, now, [&] {
    for (auto& x : of_all_)
      if (auto wait = x.state.take(x.how_often, now); wait.count() > 0)
        return wait;
    return caf::timespan{0};
  });
}

} // namespace flamigo::detail
