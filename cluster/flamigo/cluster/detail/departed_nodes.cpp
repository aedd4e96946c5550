#include "flamigo/cluster/detail/departed_nodes.hpp"

#include <algorithm>
#include <utility>

namespace flamigo::detail {

namespace {

template <class T>
void add(std::deque<T>& to, T what) {
  if (to.size() == departed_nodes::max_nodes)
    to.pop_front();
  to.push_back(std::move(what));
}

} // namespace

void departed_nodes::left(const std::string& id) {
  add(left_, id);
}

bool departed_nodes::has_left(const std::string& id) const {
  return std::find(left_.begin(), left_.end(), id) != left_.end();
}

void departed_nodes::gave_up(const std::string& id, const std::string& title,
                             bool may_miss) {
  add(absent_, {id, title, may_miss});
}

std::optional<std::string> departed_nodes::back(const std::string& id) {
  auto i = find_absent(id);
  if (i == absent_.end())
    return std::nullopt;
  auto title = std::move(i->title);
  absent_.erase(i);
  return title;
}

void departed_nodes::left_unheard(const std::string& id) {
  if (auto i = find_absent(id); i != absent_.end())
    i->may_miss = true;
}

std::vector<std::string> departed_nodes::take_missed() {
  std::vector<std::string> result;
  for (auto& x : absent_)
    if (std::exchange(x.may_miss, false))
      result.push_back(x.title);
  return result;
}

auto departed_nodes::find_absent(const std::string& id)
  -> std::deque<absent_node>::iterator {
  return std::find_if(absent_.begin(), absent_.end(),
                      [&](auto& x) { return x.id == id; });
}

} // namespace flamigo::detail
