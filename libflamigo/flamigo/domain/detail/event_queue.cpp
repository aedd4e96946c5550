#include "flamigo/domain/detail/event_queue.hpp"

#include <algorithm>
#include <utility>

#include "flamigo/error/detail/guarded.hpp"

namespace flamigo::detail {

namespace {

constexpr std::size_t max_spare_places = 64;

} // namespace

event_queue::event_queue(std::size_t max, event_overflow overflow)
  : max_(max), overflow_(std::move(overflow)) {
}

std::optional<std::string> event_queue::key_of(const entry& what) const {
  if (!overflow_.key() || what.asker)
    return std::nullopt;
  return guarded([&] { return overflow_.key()(*what.what); },
                 [](const caf::error&) -> std::optional<std::string> {
                   return std::nullopt;
                 });
}

event_queue::verdict
event_queue::put(entry& what, std::optional<std::string>&& key, entry& gone) {
  if (closed_)
    return verdict::closed;
  if (waiting_.size() < max_) {
    append(std::move(what), std::move(key));
    return verdict::added;
  }
  if (what.asker)
    return verdict::refused;
  auto same = key ? latest_.find(*key) : latest_.end();
  if (same != latest_.end()) {
    gone = remove(same->second);
    append(std::move(what), std::move(key));
    return verdict::replaced;
  }
  auto oldest = std::find_if(waiting_.begin(), waiting_.end(),
                             [](auto& x) { return x.asker == nullptr; });
  if (oldest == waiting_.end()) {
    // All that wait have somebody who waits for them.
    gone = std::move(what);
    return verdict::dropped;
  }
  gone = remove(oldest);
  append(std::move(what), std::move(key));
  return verdict::dropped;
}

std::optional<event_queue::entry> event_queue::take() {
  std::lock_guard guard{mtx_};
  if (waiting_.empty())
    return std::nullopt;
  return remove(waiting_.begin());
}

std::list<event_queue::entry> event_queue::close() {
  std::list<entry> result;
  places gone;
  std::lock_guard guard{mtx_};
  closed_ = true;
  latest_.clear();
  gone.swap(waiting_);
  for (auto& x : gone)
    if (x.asker)
      result.push_back(std::move(x));
  return result;
}

std::size_t event_queue::size() const {
  std::lock_guard guard{mtx_};
  return waiting_.size();
}

void event_queue::append(entry&& what, std::optional<std::string>&& key) {
  if (spare_.empty())
    spare_.emplace_back();
  auto here = spare_.begin();
  if (key)
    latest_[*key] = here;
  static_cast<entry&>(*here) = std::move(what);
  here->key = std::move(key);
  waiting_.splice(waiting_.end(), spare_, here);
}

event_queue::entry event_queue::remove(places::iterator which) {
  entry result = std::move(static_cast<entry&>(*which));
  if (which->key)
    if (auto i = latest_.find(*which->key);
        i != latest_.end() && i->second == which)
      latest_.erase(i);
  if (spare_.size() < max_spare_places)
    spare_.splice(spare_.end(), waiting_, which);
  else
    waiting_.erase(which);
  return result;
}

} // namespace flamigo::detail
