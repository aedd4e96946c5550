#include "flamigo/http/detail/http_callers.hpp"

#include "flamigo/limit/detail/call_limits.hpp"
#include "flamigo/limit/detail/caller_state.hpp"

namespace flamigo::detail {

caf::timespan http_callers::admit(const claims& who, std::string_view guest,
                                  const std::vector<call_limits*>& limits,
                                  time_point now) {
  auto all = who.user && messages_.is_limited();
  if (limits.empty() && !all)
    return caf::timespan{0};
  auto caller = who.user ? users_->find(who.user->id, now)
                         : guests_.find(guest, now);
  caf::timespan wait{0};
  if (all)
    wait = caller->messages.take(messages_, now);
  for (auto* each : limits)
    if (wait.count() == 0)
      wait = each->admit(*caller, now);
  return wait;
}

} // namespace flamigo::detail
