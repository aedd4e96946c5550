#include "rooms.hpp"

#include <algorithm>
#include <utility>

#include <flamigo/flamigo.hpp>

namespace chat {

caf::expected<message> rooms::add(const post& what, std::string author,
                                  std::int64_t time) {
  auto* to = find_or_make(what.room);
  if (to == nullptr)
    return flamigo::public_error("there are too many rooms already", 409,
                                 "too_many_rooms");
  auto id = ++to->last_id;
  if (node_)
    id = id << node_bits | *node_;
  to->messages.push_back({id, std::move(author), what.text, time});
  if (to->messages.size() > max_history)
    to->messages.pop_front();
  return to->messages.back();
}

void rooms::learn(const std::string& name, const message& what) {
  auto* to = find_or_make(name);
  if (to == nullptr)
    return;
  auto& all = to->messages;
  auto i = std::lower_bound(all.begin(), all.end(), what.id,
                            [](auto& x, auto id) { return x.id < id; });
  if (i != all.end() && i->id == what.id)
    return;
  all.insert(i, what);
  if (all.size() > max_history)
    all.pop_front();
  to->last_id = std::max(to->last_id, what.id >> node_bits);
}

rooms::room* rooms::find_or_make(const std::string& name) {
  auto i = by_name_.find(name);
  if (i == by_name_.end() && by_name_.size() < max_rooms)
    i = by_name_.emplace(name, room{}).first;
  return i != by_name_.end() ? &i->second : nullptr;
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
