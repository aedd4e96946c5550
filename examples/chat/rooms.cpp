#include "rooms.hpp"

#include <algorithm>

#include <flamigo/error.hpp>

namespace chat {

caf::expected<message> rooms::add(const post& what, std::int64_t time) {
  auto i = by_name_.find(what.room);
  if (i == by_name_.end()) {
    if (by_name_.size() >= max_rooms)
      return flamigo::public_error("there are too many rooms already", 409,
                                   "too_many_rooms");
    i = by_name_.emplace(what.room, room{}).first;
  }
  auto& to = i->second;
  to.messages.push_back({++to.last_id, what.author, what.text, time});
  if (to.messages.size() > max_history)
    to.messages.pop_front();
  return to.messages.back();
}

caf::expected<history> rooms::latest(const history_request& what) const {
  auto i = by_name_.find(what.room);
  if (i == by_name_.end())
    return flamigo::public_error("there is no room \"" + what.room + "\" yet",
                                 404, "unknown_room");
  auto& all = i->second.messages;
  auto count = std::min<std::size_t>(what.limit.value_or(max_history),
                                     all.size());
  return history{{all.end() - static_cast<std::ptrdiff_t>(count), all.end()}};
}

} // namespace chat
