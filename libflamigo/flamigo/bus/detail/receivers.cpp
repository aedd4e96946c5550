#include "flamigo/bus/detail/receivers.hpp"

#include <utility>

#include <caf/make_message.hpp>
#include <caf/message.hpp>

#include "flamigo/bus/detail/home_unit.hpp"
#include "flamigo/bus/detail/homed_actor.hpp"

namespace flamigo::detail {

void receivers::add(const caf::strong_actor_ptr& who, homed_actor* actor) {
  if (actor == nullptr)
    scheduled.push_back(who);
  else
    group_of(actor->home()).all.push_back({who, actor});
}

homed_receivers& receivers::group_of(home_unit* home) {
  for (auto& group : homed)
    if (group->home == home)
      return *group;
  auto added = std::make_shared<homed_receivers>();
  added->home = home;
  return *homed.emplace_back(std::move(added));
}

void receivers::tell(const event_ptr& what, caf::execution_unit* host) const {
  if (!scheduled.empty()) {
    auto content = caf::make_message(what);
    for (auto& who : scheduled)
      who->enqueue(nullptr, caf::make_message_id(), content, host);
  }
  for (auto& group : homed)
    if (group->home->is_here())
      for (auto& who : group->all)
        who.actor->hear(what);
    else if (!group->home->put(group, what))
      for (auto& who : group->all)
        who.actor->overrun();
}

std::size_t receivers::size() const noexcept {
  auto result = scheduled.size();
  for (auto& group : homed)
    result += group->all.size();
  return result;
}

} // namespace flamigo::detail
