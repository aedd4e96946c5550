#include "flamigo/access/doors.hpp"

#include <utility>

#include "flamigo/channel/channel_registry.hpp"
#include "flamigo/strategy/strategy_registry.hpp"

namespace flamigo {

std::vector<door> doors_of(const strategy_registry& all,
                           std::string_view auth_strategy) {
  std::vector<door> result;
  for (auto& info : all.list()) {
    auto what = all.find(info.name);
    result.push_back({.kind = "strategy",
                      .name = what->name(),
                      .guard = what->guard(),
                      .needs_user = !auth_strategy.empty() && !what->is_open()
                                    && what->name() != auth_strategy});
  }
  return result;
}

std::vector<door> doors_of(const channel_registry& all,
                           const strategy_registry& strategies,
                           std::string_view auth_strategy) {
  std::vector<door> result;
  all.for_each([&](const channel& what) {
    door made{.kind = "channel",
              .name = what.topics().text(),
              .guard = what.guard(),
              .needs_user = !auth_strategy.empty() && !what.guard().is_open()};
    if (what.options().check)
      made.also = "its check";
    if (auto join = strategies.find(what.options().join)) {
      made.strategy = join->name();
      made.behind = join->guard();
    }
    result.push_back(std::move(made));
  });
  return result;
}

} // namespace flamigo
