#include "flamigo/remote/detail/remote_members.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace flamigo::detail {

namespace {

std::unordered_set<std::string> keys_of(const std::vector<presence_entry>& x) {
  std::unordered_set<std::string> result;
  for (auto& each : x)
    result.insert(each.key);
  return result;
}

} // namespace

remote_presence remote_members::replace(std::vector<presence_entry> list) {
  auto before = std::exchange(all_, std::move(list));
  remote_presence result{.members = all_};
  auto old_keys = keys_of(before);
  auto new_keys = keys_of(all_);
  for (auto& x : all_)
    if (!old_keys.contains(x.key))
      result.joined.push_back(x);
  for (auto& x : before)
    if (!new_keys.contains(x.key))
      result.left.push_back(std::move(x.key));
  return result;
}

remote_presence remote_members::change(std::vector<presence_entry> joined,
                                       std::vector<std::string> left) {
  std::unordered_set<std::string> gone{left.begin(), left.end()};
  std::erase_if(all_, [&](auto& x) { return gone.contains(x.key); });
  std::unordered_map<std::string, std::size_t> at;
  for (std::size_t i = 0; i < all_.size(); ++i)
    at.emplace(all_[i].key, i);
  for (auto& x : joined)
    if (auto [i, is_new] = at.emplace(x.key, all_.size()); is_new)
      all_.push_back(x);
    else
      all_[i->second].state = x.state;
  return {all_, std::move(joined), std::move(left)};
}

} // namespace flamigo::detail
