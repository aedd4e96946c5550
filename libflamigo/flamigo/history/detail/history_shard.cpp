#include "flamigo/history/detail/history_shard.hpp"

#include <iterator>

namespace flamigo::detail {

history_shard::entry& history_shard::use(std::string_view topic,
                                         const history_limits& limits,
                                         time_point now) {
  if (auto known = find(topic)) {
    known->limits = limits;
    return *known;
  }
  make_room(now);
  auto at = numbers_ != nullptr ? numbers_->newest(topic) : history_position{};
  free_.push_front({std::string{topic}, limits, at.epoch});
  auto& made = free_.front();
  try {
    index_.emplace(made.topic, free_.begin());
  } catch (...) {
    free_.pop_front();
    throw;
  }
  made.log = event_log{at.offset};
  // 0 is no epoch.
  while (made.epoch == 0)
    made.epoch = epochs_.fetch_add(1, std::memory_order_relaxed);
  return made;
}

history_shard::entry* history_shard::find(std::string_view topic) noexcept {
  auto i = index_.find(topic);
  if (i == index_.end())
    return nullptr;
  auto& where = i->second->followers > 0 ? followed_ : free_;
  where.splice(where.begin(), where, i->second);
  return &*i->second;
}

history_position history_shard::next(entry& what) {
  history_position follows{what.epoch, what.log.newest() + 1};
  if (numbers_ == nullptr)
    return follows;
  auto at = numbers_->next(what.topic);
  if (at != follows) {
    what.epoch = at.epoch;
    what.log = event_log{at.offset - 1};
  }
  return at;
}

void history_shard::number_by(history_numbers& what) {
  numbers_ = &what;
  begin_again();
}

void history_shard::begin_again() {
  for (auto* where : {&free_, &followed_})
    for (auto& x : *where) {
      auto at = numbers_->newest(x.topic);
      x.epoch = at.epoch;
      x.log = event_log{at.offset};
    }
}

void history_shard::follow(entry& what) noexcept {
  if (++what.followers == 1)
    followed_.splice(followed_.begin(), free_, index_.find(what.topic)->second);
}

void history_shard::unfollow(std::string_view topic) noexcept {
  auto i = index_.find(topic);
  if (i == index_.end() || i->second->followers == 0)
    return;
  if (--i->second->followers == 0)
    free_.splice(free_.begin(), followed_, i->second);
}

void history_shard::make_room(time_point now) noexcept {
  while (!free_.empty() && index_.size() >= max_topics_) {
    index_.erase(free_.back().topic);
    free_.pop_back();
  }
  // What nobody uses any more is looked at by those that begin.
  if (!free_.empty())
    free_.back().log.trim(free_.back().limits, now);
}

history_slice history_shard::read(std::string_view topic,
                                  const history_position& after,
                                  std::size_t max_bytes, time_point now) {
  history_slice result;
  auto what = find(topic);
  if (what == nullptr)
    return result;
  auto& log = what->log;
  log.trim(what->limits, now);
  result.newest = what->newest();
  result.reaches = after.epoch == what->epoch && after.offset <= log.newest()
                   && after.offset + 1 >= log.oldest();
  if (result.reaches)
    result.events = log.read(after.offset, max_bytes);
  return result;
}

std::size_t history_shard::bytes() const noexcept {
  std::size_t result = 0;
  for (auto* where : {&free_, &followed_})
    for (auto& x : *where)
      result += x.log.bytes();
  return result;
}

} // namespace flamigo::detail
