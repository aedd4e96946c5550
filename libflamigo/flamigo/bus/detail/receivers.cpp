#include "flamigo/bus/detail/receivers.hpp"

#include <algorithm>
#include <utility>

#include <caf/make_message.hpp>
#include <caf/message.hpp>

#include "flamigo/bus/detail/home_unit.hpp"
#include "flamigo/bus/detail/homed_actor.hpp"
#include "flamigo/bus/detail/pointer_set.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"

namespace flamigo::detail {

namespace {

/// So many are copied rather than told by a second entry for their thread.
constexpr std::size_t few_receivers = 16;

/// False if memory runs short.
template <class F>
bool may_tell(F tell) noexcept {
  return guarded_or_logged(tell, [] {
    return "an event cannot be told to a subscriber";
  });
}

void overrun(homed_actor& who) noexcept {
  may_tell([&] { who.overrun(); });
}

template <class F>
void tell_one(homed_actor& to, F tell) noexcept {
  if (!may_tell(tell))
    overrun(to);
}

/// False if none of them will get it.
bool put(const std::shared_ptr<homed_receivers>& to,
         const event_ptr& what) noexcept {
  auto result = false;
  return guarded_or_logged([&] { result = to->home->put(to, what); },
                           [] { return "an event cannot be put"; })
         && result;
}

template <class F>
void for_each_receiver(const receivers& all, F f) {
  for (auto& who : all.scheduled)
    f(who, nullptr);
  for (auto& group : all.homed)
    for (auto& who : group->all)
      f(who.handle, who.actor);
}

} // namespace

void homed_receiver::hear(const event_ptr& what) const noexcept {
  tell_one(*actor, [&] { actor->hear(what); });
}

void homed_receiver::accept(const event_ptr& what) const noexcept {
  tell_one(*actor, [&] { actor->accept_event(what); });
}

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
      may_tell(
        [&] { who->enqueue(nullptr, caf::make_message_id(), content, host); });
  }
  for (auto& group : homed)
    if (group->home->is_here()) {
      for (auto& who : group->all)
        who.hear(what);
      if (auto* meter = group->home->meter())
        meter->add(metric::events_delivered, group->all.size());
    } else if (!put(group, what))
      for (auto& who : group->all)
        overrun(*who.actor);
}

std::size_t receivers::size() const noexcept {
  auto result = scheduled.size();
  for (auto& group : homed)
    result += group->all.size();
  return result;
}

receivers_ptr merge(std::span<const receivers_ptr> parts) {
  auto& largest = **std::max_element(parts.begin(), parts.end(),
                                     [](auto& x, auto& y) {
                                       return x->size() < y->size();
                                     });
  pointer_set<caf::actor_control_block> missing;
  for (auto& part : parts)
    if (part.get() != &largest)
      part->for_each([&missing](auto& who) { missing.insert(who.get()); });
  largest.for_each([&missing](auto& who) {
    if (!missing.empty())
      missing.erase(who.get());
  });
  if (missing.empty())
    return &largest;
  boost::intrusive_ptr<receivers> result{new receivers};
  for (auto& part : parts)
    if (part.get() != &largest)
      for_each_receiver(*part, [&](auto& who, homed_actor* actor) {
        if (missing.erase(who.get()))
          result->add(who, actor);
      });
  result->scheduled.insert(result->scheduled.end(), largest.scheduled.begin(),
                           largest.scheduled.end());
  auto added = result->homed.size();
  for (auto& group : largest.homed) {
    auto end = result->homed.begin() + static_cast<std::ptrdiff_t>(added);
    auto own = std::find_if(result->homed.begin(), end, [&group](auto& x) {
      return x->home == group->home;
    });
    if (own != end && group->all.size() <= few_receivers)
      (*own)->all.insert((*own)->all.end(), group->all.begin(),
                         group->all.end());
    else
      result->homed.push_back(group);
  }
  return result;
}

} // namespace flamigo::detail
