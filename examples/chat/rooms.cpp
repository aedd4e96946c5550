#include "rooms.hpp"

#include <algorithm>
#include <utility>

#include <flamigo/flamigo.hpp>

namespace chat {

caf::expected<message> rooms::add(const post& what, std::string author,
                                  std::int64_t time) {
  auto i = by_name_.find(what.room);
  if (i == by_name_.end()) {
    if (by_name_.size() >= max_rooms)
      return flamigo::public_error("there are too many rooms already", 409,
                                   "too_many_rooms");
    i = by_name_.emplace(what.room, room{}).first;
  }
  auto& to = i->second;
  to.messages.push_back({++to.last_id, std::move(author), what.text, time});
  if (to.messages.size() > max_history)
    to.messages.pop_front();
  return to.messages.back();
}

caf::error rooms::remove(const removal& what) {
  auto i = by_name_.find(what.room);
  if (i == by_name_.end())
    return flamigo::public_error("there is no room \"" + what.room + "\" yet",
                                 404, "unknown_room");
  auto& all = i->second.messages;
  auto j = std::find_if(all.begin(), all.end(),
                        [&](auto& x) { return x.id == what.id; });
  if (j == all.end())
    return flamigo::public_error("message " + std::to_string(what.id)
                                   + " is not there any more",
                                 404, "unknown_message");
  all.erase(j);
  return {};
}

history rooms::latest(const history_request& what) const {
  auto i = by_name_.find(what.room);
  if (i == by_name_.end())
    return {};
  auto& all = i->second.messages;
  auto count = std::min<std::size_t>(what.limit.value_or(max_history),
                                     all.size());
  return {{all.end() - static_cast<std::ptrdiff_t>(count), all.end()}};
}

} // namespace chat
