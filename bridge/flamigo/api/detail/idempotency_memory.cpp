#include "flamigo/api/detail/idempotency_memory.hpp"

namespace flamigo::detail {

idempotency_memory::verdict idempotency_memory::begin(const std::string& key,
                                                      std::size_t content,
                                                      time_point now) {
  std::lock_guard here{mutex_};
  forget_old(now);
  if (auto i = entries_.find(key); i != entries_.end())
    return i->second.content == content ? verdict::repeated : verdict::conflict;
  if (ages_.size() >= max_keys)
    return verdict::full;
  ages_.emplace_back(now, key);
  entries_.emplace(key, entry{content, now});
  return verdict::fresh;
}

void idempotency_memory::forget(const std::string& key) {
  std::lock_guard here{mutex_};
  entries_.erase(key);
}

void idempotency_memory::forget_old(time_point now) {
  while (!ages_.empty() && ages_.front().first + span <= now) {
    auto i = entries_.find(ages_.front().second);
    if (i != entries_.end() && i->second.since == ages_.front().first)
      entries_.erase(i);
    ages_.pop_front();
  }
}

} // namespace flamigo::detail
