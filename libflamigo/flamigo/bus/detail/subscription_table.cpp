#include "flamigo/bus/detail/subscription_table.hpp"

#include <algorithm>

#include "flamigo/bus/detail/homed_actor.hpp"
#include "flamigo/topic/detail/segments.hpp"

namespace flamigo::detail {

/// One segment of a pattern, below the segments before it.
struct subscription_table::node {
  /// Finds a child by a view of its segment.
  struct text_hash {
    using is_transparent = void;

    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };

  node* parent = nullptr;
  /// The key under which the parent has it.
  std::string_view segment;
  std::unordered_map<std::string, std::unique_ptr<node>, text_hash,
                     std::equal_to<>>
    children;
  /// The child for `*`, which is among the children as well.
  node* any = nullptr;
  std::unordered_set<subscriber*> subscribers;
  /// The same as a list, made when an event is published and dropped when
  /// someone comes or goes: a fan-out copies no subscriber.
  receivers_ptr cached;
  std::uint64_t stamp = 0;

  const receivers_ptr& list() {
    if (!cached) {
      auto all = std::make_shared<receivers>();
      for (auto* x : subscribers)
        all->add(x->handle, x->actor);
      cached = std::move(all);
    }
    return cached;
  }
};

subscription_table::subscription_table() : root_(std::make_unique<node>()) {
}

subscription_table::subscription_table(subscription_table&&) noexcept = default;

subscription_table&
subscription_table::operator=(subscription_table&&) noexcept = default;

subscription_table::~subscription_table() = default;

// -- changing -----------------------------------------------------------------

subscription_table::added
subscription_table::add(const caf::strong_actor_ptr& who,
                        std::string_view pattern) {
  auto [i, is_new] = subscribers_.try_emplace(who->id());
  auto& entry = i->second;
  if (is_new) {
    entry.handle = who;
    auto homed = dynamic_cast<homed_actor*>(who->get());
    if (homed != nullptr && homed->home() != nullptr)
      entry.actor = homed;
  }
  auto& where = make_node(pattern);
  if (!where.subscribers.insert(&entry).second)
    return added::no;
  where.cached = nullptr;
  entry.nodes.push_back(&where);
  return is_new ? added::first : added::yes;
}

bool subscription_table::remove(caf::actor_id who, std::string_view pattern) {
  auto i = subscribers_.find(who);
  auto* where = i != subscribers_.end() ? find_node(pattern) : nullptr;
  if (where == nullptr || where->subscribers.count(&i->second) == 0)
    return false;
  std::erase(i->second.nodes, where);
  leave(i->second, *where);
  return true;
}

caf::strong_actor_ptr subscription_table::forget(caf::actor_id who) {
  auto i = subscribers_.find(who);
  if (i == subscribers_.end())
    return nullptr;
  for (auto* where : i->second.nodes)
    leave(i->second, *where);
  auto result = std::move(i->second.handle);
  subscribers_.erase(i);
  return result;
}

void subscription_table::leave(subscriber& who, node& where) {
  where.subscribers.erase(&who);
  where.cached = nullptr;
  prune(&where);
}

void subscription_table::prune(node* from) {
  while (from->parent != nullptr && from->subscribers.empty()
         && from->children.empty()) {
    auto* parent = from->parent;
    if (parent->any == from)
      parent->any = nullptr;
    parent->children.erase(parent->children.find(from->segment));
    --nodes_;
    from = parent;
  }
}

subscription_table::node&
subscription_table::make_node(std::string_view pattern) {
  auto* result = root_.get();
  for (segments names{pattern}; !names.done();) {
    auto name = names.next();
    auto i = result->children.find(name);
    if (i == result->children.end()) {
      i = result->children.emplace(name, std::make_unique<node>()).first;
      i->second->parent = result;
      i->second->segment = i->first;
      if (name == "*")
        result->any = i->second.get();
      ++nodes_;
    }
    result = i->second.get();
  }
  return *result;
}

// -- asking -------------------------------------------------------------------

subscription_table::node*
subscription_table::find_node(std::string_view pattern) const {
  auto* result = root_.get();
  for (segments names{pattern}; result != nullptr && !names.done();) {
    auto i = result->children.find(names.next());
    result = i != result->children.end() ? i->second.get() : nullptr;
  }
  return result;
}

std::size_t subscription_table::count(caf::actor_id who) const {
  auto i = subscribers_.find(who);
  return i != subscribers_.end() ? i->second.nodes.size() : 0;
}

receivers_ptr subscription_table::match(std::span<const topic> topics) {
  ++stamp_;
  found_.clear();
  for (auto& x : topics)
    if (!x.empty())
      collect(*root_, x.text());
  if (found_.empty())
    return nullptr;
  return found_.size() == 1 ? found_.front()->list() : merge();
}

void subscription_table::collect(node& from, std::string_view rest) {
  if (from.stamp != stamp_ && !from.subscribers.empty()) {
    from.stamp = stamp_;
    found_.push_back(&from);
  }
  if (rest.data() == nullptr || from.children.empty())
    return;
  auto slash = rest.find('/');
  auto name = rest.substr(0, slash);
  // Without data: the topic ends here.
  auto below = slash != rest.npos ? rest.substr(slash + 1) : std::string_view{};
  if (from.any != nullptr)
    collect(*from.any, below);
  if (auto i = from.children.find(name); i != from.children.end())
    collect(*i->second, below);
}

receivers_ptr subscription_table::merge() {
  auto all = std::make_shared<receivers>();
  for (auto* where : found_)
    for (auto* x : where->subscribers)
      if (x->stamp != stamp_) {
        x->stamp = stamp_;
        all->add(x->handle, x->actor);
      }
  return all;
}

} // namespace flamigo::detail
