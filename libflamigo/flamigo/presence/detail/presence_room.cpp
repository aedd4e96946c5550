#include "flamigo/presence/detail/presence_room.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "flamigo/presence/detail/make_room.hpp"

namespace flamigo::detail {

namespace {

/// `{"key":"","state":},`
constexpr std::size_t frame_bytes = 21;

} // namespace

std::size_t presence_room::bytes_of(const entry& what) noexcept {
  if (what.connections.empty())
    return 0;
  return frame_bytes + what.key.size() + what.connections.back().state.size();
}

bool presence_room::set(const presence_member& who, std::size_t max_bytes) {
  auto found = keys_.find(who.key);
  if (found == keys_.end()) {
    auto after = frame_bytes + who.key.size() + who.state.size();
    if (bytes_ + after > max_bytes)
      return false;
    add(who);
    bytes_ += after;
    ++present_;
    return true;
  }
  auto& mine = found->second->connections;
  auto before = bytes_of(*found->second);
  auto is_newest = place_of(who, mine) == mine.end();
  auto after = is_newest ? frame_bytes + who.key.size() + who.state.size()
                         : before;
  if (bytes_ - before + after > max_bytes)
    return false;
  shown made{who.connection_id, who.state, who.since};
  make_room(mine, mine.size() + 1);
  // From here on nothing throws.
  auto mine_now = mine.insert(place_of(who, mine), std::move(made));
  auto* shown_before = is_newest && mine.size() > 1 ? &(mine.end() - 2)->state
                                                    : &mine.back().state;
  auto same = std::find_if(mine.begin(), mine.end(), [&](auto& x) {
    return &x != &*mine_now && x.connection_id == who.connection_id;
  });
  auto& shown_now = same == mine.end() - 1 ? (mine.end() - 2)->state
                                           : mine.back().state;
  if (mine.size() == 1 || *shown_before != shown_now)
    change(found->second);
  if (same != mine.end())
    mine.erase(same);
  bytes_ = bytes_ - before + bytes_of(*found->second);
  if (before == 0)
    ++present_;
  return true;
}

std::vector<presence_room::shown>::iterator
presence_room::place_of(const presence_member& who,
                        std::vector<shown>& others) noexcept {
  auto is_newer = [&who](const shown& x) {
    return x.since > who.since
           || (x.since == who.since && who.since != 0
               && x.connection_id > who.connection_id);
  };
  auto result = others.end();
  while (result != others.begin() && is_newer(*(result - 1)))
    --result;
  return result;
}

void presence_room::add(const presence_member& who) {
  entries made;
  made.push_back({who.key, {}});
  auto what = made.begin();
  what->connections.push_back({who.connection_id, who.state, who.since});
  make_room(changed_, keys_.size() + 1);
  keys_.emplace(what->key, what);
  all_.splice(all_.end(), made);
  change(what);
}

bool presence_room::remove(std::string_view key,
                           std::string_view connection_id) noexcept {
  auto found = keys_.find(key);
  if (found == keys_.end())
    return false;
  auto& what = *found->second;
  auto& mine = what.connections;
  auto gone = std::find_if(mine.begin(), mine.end(), [&](auto& x) {
    return x.connection_id == connection_id;
  });
  if (gone == mine.end())
    return false;
  auto before = bytes_of(what);
  auto was_newest = gone == mine.end() - 1;
  auto state = std::move(gone->state);
  mine.erase(gone);
  if (mine.empty())
    --present_;
  bytes_ = bytes_ - before + bytes_of(what);
  if (!mine.empty() && (!was_newest || mine.back().state == state))
    return false;
  change(found->second);
  return true;
}

void presence_room::change(entries::iterator what) noexcept {
  if (what->is_changed)
    return;
  changed_.push_back(what);
  what->is_changed = true;
}

std::vector<presence_entry> presence_room::list() {
  std::vector<presence_entry> result;
  result.reserve(all_.size());
  for (auto& x : all_) {
    if (x.connections.empty())
      continue;
    result.push_back({x.key, {x.connections.back().state}});
    x.is_told = true;
  }
  return result;
}

void presence_room::write_changes(presence_change& out) const {
  for (auto x : changed_)
    if (!x->connections.empty())
      out.joined.push_back({x->key, {x->connections.back().state}});
    else if (x->is_told)
      out.left.push_back(x->key);
}

void presence_room::told() noexcept {
  for (auto x : changed_) {
    x->is_changed = false;
    x->is_told = true;
    if (!x->connections.empty())
      continue;
    keys_.erase(x->key);
    all_.erase(x);
  }
  changed_.clear();
  has_refused_ = false;
}

bool presence_room::is_first_refusal() noexcept {
  return !std::exchange(has_refused_, true);
}

} // namespace flamigo::detail
