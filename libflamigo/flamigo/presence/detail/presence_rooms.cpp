#include "flamigo/presence/detail/presence_rooms.hpp"

#include <functional>
#include <utility>

#include "flamigo/log/log.hpp"
#include "flamigo/presence/detail/make_room.hpp"

namespace flamigo::detail {

presence_rooms::shard&
presence_rooms::shard_of(std::string_view channel) noexcept {
  return shards_[std::hash<std::string_view>{}(channel) % shards_.size()];
}

presence_rooms::named_room*
presence_rooms::shard::find(std::string_view channel) noexcept {
  auto found = rooms.find(channel);
  return found != rooms.end() ? found->second.get() : nullptr;
}

bool presence_rooms::shard::set(named_room& where, const presence_member& who,
                                std::size_t max_bytes) {
  auto before = where.people.present();
  auto result = where.people.set(who, max_bytes);
  people += where.people.present() - before;
  return result;
}

bool presence_rooms::shard::remove(named_room& where, std::string_view key,
                                   std::string_view connection_id) noexcept {
  auto before = where.people.present();
  auto result = where.people.remove(key, connection_id);
  people -= before - where.people.present();
  return result;
}

presence_rooms::figures presence_rooms::count() {
  figures result{0, 0};
  for (auto& where : shards_) {
    std::lock_guard guard{where.mutex};
    result.channels += where.rooms.size();
    result.people += where.people;
  }
  return result;
}

presence_rooms::named_room& presence_rooms::room_of(shard& where,
                                                    std::string_view channel) {
  if (auto* known = where.find(channel))
    return *known;
  auto made = std::make_unique<named_room>();
  made->channel = channel;
  auto& result = *made;
  make_room(where.changed, where.rooms.size() + 1);
  where.rooms.emplace(result.channel, std::move(made));
  // It goes then if nobody has come in.
  note(where, result);
  return result;
}

void presence_rooms::note(shard& where, named_room& what) noexcept {
  if (!std::exchange(what.is_changed, true))
    where.changed.push_back(&what);
}

bool presence_rooms::is_due(const named_room& what) noexcept {
  // Whoever was called for an earlier change may have failed to come.
  return what.is_changed && !is_called_.load() && !is_called_.exchange(true);
}

bool presence_rooms::set(std::string_view channel, const presence_member& who,
                         std::string_view before, std::size_t max_bytes) {
  auto& where = shard_of(channel);
  std::unique_lock guard{where.mutex};
  if (where.find(channel) == nullptr && !presence_change::topic_of(channel)) {
    guard.unlock();
    log::warn("channel " + std::string{channel} + ": nobody is seen there: "
              + "its topic is too long for what tells of it");
    return false;
  }
  auto& what = room_of(where, channel);
  if (!before.empty() && where.remove(what, before, who.connection_id))
    note(where, what);
  auto is_full = !where.set(what, who, max_bytes)
                 && what.people.is_first_refusal();
  if (what.people.has_changes())
    note(where, what);
  auto result = is_due(what);
  guard.unlock();
  if (is_full)
    log::warn("channel " + std::string{channel} + ": who comes is not seen: "
              + "the list of who is there would be longer than "
              + std::to_string(max_bytes)
              + " bytes (presence_options::max_bytes)");
  return result;
}

bool presence_rooms::remove(std::string_view channel, std::string_view key,
                            std::string_view connection_id) noexcept {
  auto& where = shard_of(channel);
  std::lock_guard guard{where.mutex};
  auto* what = where.find(channel);
  if (what == nullptr)
    return false;
  if (!where.remove(*what, key, connection_id))
    return false;
  note(where, *what);
  return is_due(*what);
}

presence_list presence_rooms::list(std::string_view channel) {
  auto& where = shard_of(channel);
  std::lock_guard guard{where.mutex};
  auto* what = where.find(channel);
  if (what == nullptr)
    return {where.version, {}};
  return {where.version, what->people.list()};
}

std::vector<presence_change> presence_rooms::take_changes(std::size_t part) {
  auto& where = shards_[part];
  std::lock_guard guard{where.mutex};
  std::vector<presence_change> result;
  result.reserve(where.changed.size());
  for (auto* what : where.changed) {
    presence_change change{what->channel, where.version + 1, {}, {}};
    what->people.write_changes(change);
    if (!change.joined.empty() || !change.left.empty())
      result.push_back(std::move(change));
  }
  ++where.version;
  for (auto* what : where.changed) {
    what->is_changed = false;
    what->people.told();
    if (what->people.empty())
      where.rooms.erase(what->channel);
  }
  where.changed.clear();
  return result;
}

} // namespace flamigo::detail
