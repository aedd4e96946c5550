#include "flamigo/remote/detail/remote_events.hpp"

#include <utility>

namespace flamigo::detail {

remote_events::remote_events(remote_subscriptions& all,
                             const remote_listeners& listeners)
  : all_(all), listeners_(listeners) {
}

void remote_events::hear(const remote_frame& frame) {
  if (gaps_.empty() || !frame.offsets)
    return deliver(frame);
  for (auto* x : std::set{gaps_}) {
    auto i = frame.offsets->find(x->topic);
    if (i == frame.offsets->end())
      continue;
    if (i->second <= *x->gap)
      return fill(*x, frame);
    // What was missed has come, all of it, unless it was not asked for yet.
    if (x->asking == 0)
      close(*x);
  }
  if (held_.size() >= max_held)
    give_all_up();
  if (gaps_.empty())
    deliver(frame);
  else
    held_.push_back(frame);
}

void remote_events::open(remote_subscription& x, std::uint64_t gap) {
  x.gap = gap;
  gaps_.insert(&x);
}

void remote_events::wait(remote_subscription& x) {
  x.gap_timer.start(patience, [this, &x] { give_up(x); });
}

void remote_events::close(remote_subscription& x) {
  if (gaps_.erase(&x) == 0)
    return;
  x.gap_timer.stop();
  x.gap.reset();
  if (gaps_.empty())
    for (auto& frame : std::exchange(held_, {}))
      deliver(frame);
}

void remote_events::give_up(remote_subscription& x) {
  x.at->offset = *x.gap;
  x.tell_again(false);
  close(x);
}

void remote_events::lost() {
  held_.clear();
  for (auto* x : std::set{gaps_})
    close(*x);
}

void remote_events::fill(remote_subscription& x, const remote_frame& frame) {
  auto last = frame.offsets->at(x.topic) == *x.gap;
  deliver(frame);
  if (last)
    close(x);
  else
    wait(x);
}

void remote_events::give_all_up() {
  for (auto* x : std::set{gaps_})
    give_up(*x);
}

void remote_events::deliver(const remote_frame& frame) {
  static const remote_place nowhere;
  auto& offsets = frame.offsets ? *frame.offsets : nowhere;
  auto is_new = true;
  for (auto& [topic, offset] : offsets) {
    auto i = all_.find(topic);
    if (i == all_.end() || !i->second->at)
      continue;
    if (auto& at = *i->second->at; offset <= at.offset)
      is_new = false;
    else
      at.offset = offset;
  }
  if (!is_new)
    return;
  listeners_.tell(frame.topic, frame.json(), offsets);
  for (auto& [topic, x] : all_)
    if (x->is_joined && x->has(frame.offsets))
      for (auto& use : x->uses)
        use->events.tell(frame.topic, frame.json(), offsets);
}

} // namespace flamigo::detail
