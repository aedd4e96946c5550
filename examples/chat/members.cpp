#include "members.hpp"

#include <algorithm>

#include <flamigo/flamigo.hpp>

namespace chat {

caf::expected<std::optional<member>> members::put(const std::string& connection,
                                                  const member& who) {
  auto where = room_of_.find(connection);
  auto stays = where != room_of_.end() && where->second == who.room;
  auto there = by_room_.find(who.room);
  if (!stays && there != by_room_.end() && there->second.size() >= max_per_room)
    return flamigo::public_error("the room is full", 409, "room_full");
  auto before = remove(connection);
  by_room_[who.room].emplace_back(connection, who.name);
  room_of_.emplace(connection, who.room);
  return before;
}

std::optional<member> members::remove(const std::string& connection) {
  auto where = room_of_.find(connection);
  if (where == room_of_.end())
    return std::nullopt;
  auto room = by_room_.find(where->second);
  auto& there = room->second;
  auto i = std::find_if(there.begin(), there.end(),
                        [&](auto& x) { return x.first == connection; });
  member result{room->first, i->second};
  there.erase(i);
  if (there.empty())
    by_room_.erase(room);
  room_of_.erase(where);
  return result;
}

std::vector<std::string> members::names(const std::string& room) const {
  std::vector<std::string> result;
  if (auto there = by_room_.find(room); there != by_room_.end())
    for (auto& [connection, name] : there->second)
      result.push_back(name);
  return result;
}

} // namespace chat
