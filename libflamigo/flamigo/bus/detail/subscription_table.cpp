#include "flamigo/bus/detail/subscription_table.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <caf/detail/scope_guard.hpp>

#include "flamigo/bus/detail/homed_actor.hpp"
#include "flamigo/bus/detail/read_section.hpp"
#include "flamigo/bus/event_relay.hpp"
#include "flamigo/topic/detail/segments.hpp"

namespace flamigo::detail {

namespace {

/// The list of a node whose subscribers have changed since one was made.
const receivers* unmade() noexcept {
  alignas(receivers) static constexpr char mark = 0;
  return reinterpret_cast<const receivers*>(&mark);
}

bool is_made(const receivers* list) noexcept {
  return list != nullptr && list != unmade();
}

constexpr std::size_t min_capacity = 16;

} // namespace

/// One segment of a pattern, below the segments before it. What readers look at
/// never changes, or is atomic.
struct subscription_table::node {
  node(node* above, std::string_view name, std::uint32_t name_hash)
    : parent(above), hash(name_hash), segment(name) {
  }

  node(const node&) = delete;

  node& operator=(const node&) = delete;

  ~node() {
    if (auto* made = list.load(); is_made(made))
      intrusive_ptr_release(made);
  }

  node* const parent;
  const std::uint32_t hash;
  std::atomic<std::uint32_t> children = 0;
  const std::string segment;
  /// The child for `*`.
  std::atomic<node*> any = nullptr;
  /// The child of those who want this topic and nothing below it.
  std::atomic<node*> exact = nullptr;
  /// The subscribers as a list, so that a fan-out copies none: made when an
  /// event is published, dropped when someone comes or goes. Null when there is
  /// nobody. It holds a reference.
  std::atomic<const receivers*> list = nullptr;
  /// Under the lock.
  pointer_set<subscriber> subscribers;
};

/// Finds a child by its parent and its segment: one table with open addressing
/// for all nodes. One changes it, cell by cell, while others read.
struct subscription_table::node_index {
  explicit node_index(std::size_t capacity)
    : mask(capacity - 1),
      cells(std::make_unique<std::atomic<node*>[]>(capacity)) {
  }

  static std::uint32_t hash_of(const node& parent, std::string_view segment) {
    auto x = std::uint64_t{std::hash<std::string_view>{}(segment)}
             + std::uint64_t{reinterpret_cast<std::uintptr_t>(&parent)}
                 * 0x9E3779B97F4A7C15U;
    return static_cast<std::uint32_t>(x ^ (x >> 32U));
  }

  /// What stands where a node has been.
  node* gone() const noexcept {
    return reinterpret_cast<node*>(cells.get());
  }

  node* find(const node& parent, std::string_view segment) const noexcept {
    auto hash = hash_of(parent, segment);
    for (auto i = hash & mask;; i = (i + 1) & mask) {
      auto* x = cells[i].load();
      if (x == nullptr)
        return nullptr;
      if (x != gone() && x->hash == hash && x->parent == &parent
          && x->segment == segment)
        return x;
    }
  }

  /// @pre it is not there, and there is room
  void insert(node& what) noexcept {
    for (auto i = what.hash & mask;; i = (i + 1) & mask) {
      auto* x = cells[i].load();
      if (x != nullptr && x != gone())
        continue;
      if (x == nullptr)
        ++used;
      cells[i].store(&what);
      return;
    }
  }

  /// @pre it is there
  void erase(node& what) noexcept {
    auto i = what.hash & mask;
    while (cells[i].load() != &what)
      i = (i + 1) & mask;
    cells[i].store(gone());
  }

  template <class F>
  void for_each(F f) const {
    for (std::size_t i = 0; i <= mask; ++i)
      if (auto* x = cells[i].load(); x != nullptr && x != gone())
        f(*x);
  }

  std::size_t capacity() const noexcept {
    return mask + 1;
  }

  const std::size_t mask;
  /// With those that are gone.
  std::size_t used = 0;
  const std::unique_ptr<std::atomic<node*>[]> cells;
};

/// What changes have unlinked. Freed without the lock, since actors may end by
/// it and be forgotten, and when nobody looks at it any more.
struct subscription_table::leftovers {
  ~leftovers() {
    if (!nodes.empty() || !lists.empty() || !indexes.empty())
      read_section::synchronize();
  }

  /// To be called when subscribers have come or gone.
  void drop_list(node& where) {
    auto* next = where.subscribers.empty() ? nullptr : unmade();
    auto& dropped = lists.emplace_back();
    if (auto* made = where.list.exchange(next); is_made(made))
      dropped.reset(made, false);
    else
      lists.pop_back();
  }

  caf::strong_actor_ptr handle;
  std::vector<std::unique_ptr<node>> nodes;
  std::vector<receivers_ptr> lists;
  std::vector<std::unique_ptr<node_index>> indexes;
  std::unordered_map<caf::actor_id, subscriber> subscribers;
};

subscription_table::subscription_table()
  : index_(new node_index{min_capacity}),
    root_(std::make_unique<node>(nullptr, std::string_view{}, 0)) {
}

subscription_table::~subscription_table() {
  close();
  delete index_.load();
}

// -- changing -----------------------------------------------------------------

subscription_table::added
subscription_table::add(const caf::strong_actor_ptr& who,
                        std::string_view pattern) {
  leftovers old;
  std::lock_guard guard{mtx_};
  if (closed_)
    return added::no;
  auto& where = make_node(pattern, old);
  auto place = subscribers_.try_emplace(who->id());
  auto is_new = place.second;
  auto& entry = place.first->second;
  // Not held while it wanted nothing.
  entry.handle = who;
  if (is_new) {
    auto homed = dynamic_cast<homed_actor*>(who->get());
    if (homed != nullptr && homed->home() != nullptr)
      entry.actor = homed;
  }
  // When memory runs short, it can be tried again, and the end of who has just
  // come is watched then.
  auto undo = caf::detail::make_scope_guard([&] {
    where.subscribers.erase(&entry);
    entry.nodes.erase(&where);
    if (is_new)
      subscribers_.erase(place.first);
    else if (entry.nodes.empty())
      entry.handle = nullptr;
  });
  auto result = added::no;
  if (entry.nodes.insert(&where)) {
    where.subscribers.insert(&entry);
    old.drop_list(where);
    if (relay_ != nullptr && where.subscribers.size() == 1)
      relay_->wanted(pattern);
    ++wishes_;
    result = is_new ? added::first : added::yes;
  }
  undo.disable();
  return result;
}

bool subscription_table::remove(caf::actor_id who, std::string_view pattern) {
  // Those who had passed by the new pattern of somebody who moves, before it
  // was added, find the old one.
  read_section::synchronize();
  leftovers old;
  std::lock_guard guard{mtx_};
  auto i = subscribers_.find(who);
  auto* where = i != subscribers_.end() ? find_node(pattern) : nullptr;
  if (where == nullptr || !i->second.nodes.erase(where))
    return false;
  leave(i->second, *where, old);
  // The rest of it stays, since its end is watched already.
  if (i->second.nodes.empty())
    old.handle = std::move(i->second.handle);
  return true;
}

void subscription_table::forget(caf::actor_id who) {
  leftovers old;
  std::lock_guard guard{mtx_};
  auto i = subscribers_.find(who);
  if (i == subscribers_.end())
    return;
  i->second.nodes.for_each([&](node& where) { leave(i->second, where, old); });
  old.subscribers.insert(subscribers_.extract(i));
}

void subscription_table::close() {
  leftovers old;
  std::lock_guard guard{mtx_};
  closed_ = true;
  relay_ = nullptr;
  root_->any = nullptr;
  root_->children = 0;
  old.indexes.emplace_back(index_.exchange(new node_index{min_capacity}));
  old.indexes.back()->for_each(
    [&old](node& what) { old.nodes.emplace_back(&what); });
  old.subscribers.swap(subscribers_);
  count_ = 0;
  wishes_ = 0;
}

void subscription_table::leave(subscriber& who, node& where, leftovers& old) {
  where.subscribers.erase(&who);
  --wishes_;
  if (relay_ != nullptr && where.subscribers.empty())
    relay_->unwanted(pattern_of(where));
  old.drop_list(where);
  prune(&where, old);
}

void subscription_table::prune(node* from, leftovers& old) {
  while (from->parent != nullptr && from->subscribers.empty()
         && from->children == 0) {
    auto* parent = from->parent;
    if (parent->any == from)
      parent->any = nullptr;
    if (parent->exact == from)
      parent->exact = nullptr;
    auto& index = *index_.load();
    index.erase(*from);
    --parent->children;
    old.nodes.emplace_back(from);
    --count_;
    if (index.capacity() > min_capacity && count_ * 8 < index.capacity())
      resize(count_, old);
    from = parent;
  }
}

subscription_table::node&
subscription_table::make_node(std::string_view pattern, leftovers& old) {
  auto* result = root_.get();
  for (segments names{pattern}; !names.done();) {
    auto name = names.next();
    auto* child = index_.load()->find(*result, name);
    if (child == nullptr) {
      auto made = std::make_unique<node>(result, name,
                                         node_index::hash_of(*result, name));
      if (auto& index = *index_.load(); index.used * 3 >= index.capacity() * 2)
        resize(count_ + 1, old);
      child = made.release();
      index_.load()->insert(*child);
      ++result->children;
      if (name == "*")
        result->any = child;
      else if (name == exact_segment)
        result->exact = child;
      ++count_;
    }
    result = child;
  }
  return *result;
}

void subscription_table::resize(std::size_t count, leftovers& old) {
  ++resizes_;
  auto made = std::make_unique<node_index>(
    std::max(min_capacity, std::bit_ceil(count * 2)));
  index_.load()->for_each([&made](node& what) { made->insert(what); });
  old.indexes.emplace_back(index_.exchange(made.release()));
}

// -- asking -------------------------------------------------------------------

subscription_table::node*
subscription_table::find_node(std::string_view pattern) const {
  auto* result = root_.get();
  for (segments names{pattern}; result != nullptr && !names.done();)
    result = index_.load()->find(*result, names.next());
  return result;
}

std::size_t subscription_table::count(caf::actor_id who) const {
  std::lock_guard guard{mtx_};
  auto i = subscribers_.find(who);
  return i != subscribers_.end() ? i->second.nodes.size() : 0;
}

std::size_t subscription_table::nodes() const {
  std::lock_guard guard{mtx_};
  return count_;
}

std::string subscription_table::pattern_of(const node& what) {
  std::string result;
  for (auto* from = &what; from->parent != nullptr; from = from->parent)
    result.insert(0, from->parent->parent != nullptr ? "/" + from->segment
                                                     : from->segment);
  return result;
}

topic_use subscription_table::use_of(const node& what) {
  auto exactly = what.segment == exact_segment;
  return {pattern_of(exactly ? *what.parent : what), exactly,
          what.subscribers.size()};
}

void subscription_table::tell_wishes(event_relay& whom) {
  std::lock_guard guard{mtx_};
  if (closed_)
    return;
  index_.load()->for_each([&whom](const node& what) {
    if (!what.subscribers.empty())
      whom.wanted(pattern_of(what));
  });
  relay_ = &whom;
}

std::vector<topic_use>
subscription_table::most_wanted(std::size_t limit,
                                std::string_view text) const {
  constexpr std::size_t slice = 1'024;
  auto has_more = [](const topic_use& x, const topic_use& y) {
    return x.subscribers != y.subscribers ? x.subscribers > y.subscribers
                                          : x.text < y.text;
  };
  // A heap, with the one on top that is the first to go.
  std::vector<topic_use> result;
  std::optional<std::size_t> looked_at;
  std::size_t next = 0;
  std::size_t capacity = 0;
  do {
    std::lock_guard guard{mtx_};
    auto& index = *index_.load();
    // All have other places now.
    if (std::exchange(looked_at, resizes_) != resizes_) {
      result.clear();
      next = 0;
      capacity = index.capacity();
    }
    for (auto end = std::min(next + slice, capacity); next < end; ++next) {
      auto* where = index.cells[next].load();
      if (where == nullptr || where == index.gone()
          || where->subscribers.empty()
          || (result.size() == limit
              && (limit == 0
                  || where->subscribers.size() < result.front().subscribers)))
        continue;
      auto use = use_of(*where);
      if (use.text.find(text) == use.text.npos)
        continue;
      result.push_back(std::move(use));
      std::push_heap(result.begin(), result.end(), has_more);
      if (result.size() > limit) {
        std::pop_heap(result.begin(), result.end(), has_more);
        result.pop_back();
      }
    }
  } while (next < capacity);
  std::sort_heap(result.begin(), result.end(), has_more);
  return result;
}

receivers_ptr subscription_table::match(std::span<const topic> topics) {
  found_lists lists;
  auto complete = false;
  {
    read_section here;
    auto found = find(topics);
    if (found.empty())
      return nullptr;
    complete = take_lists(found, lists);
  }
  if (!complete) {
    lists.clear();
    std::lock_guard guard{mtx_};
    auto found = find(topics);
    for (auto* where : found)
      if (where->list == unmade()) {
        boost::intrusive_ptr<receivers> all{new receivers};
        where->subscribers.for_each(
          [&all](subscriber& x) { all->add(x.handle, x.actor); });
        where->list = all.detach();
      }
    take_lists(found, lists);
  }
  if (lists.size() > 1)
    return merge({lists.data(), lists.size()});
  return lists.empty() ? nullptr : std::move(lists.front());
}

bool subscription_table::take_lists(const found_nodes& found,
                                    found_lists& lists) {
  for (auto* where : found) {
    auto* list = where->list.load();
    if (list == unmade())
      return false;
    // Else the last one has just gone.
    if (list != nullptr)
      lists.emplace_back(list);
  }
  return true;
}

subscription_table::found_nodes
subscription_table::find(std::span<const topic> topics) const {
  found_nodes result;
  auto& index = *index_.load();
  for (auto& x : topics)
    if (!x.empty())
      collect(index, root_.get(), x.text(), result);
  if (topics.size() > 1) {
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
  }
  return result;
}

void subscription_table::collect(const node_index& index, node* from,
                                 std::string_view rest, found_nodes& found) {
  for (;;) {
    if (from->list.load() != nullptr)
      found.push_back(from);
    if (from->children.load() == 0)
      return;
    if (rest.data() == nullptr) {
      auto* exact = from->exact.load();
      if (exact != nullptr && exact->list.load() != nullptr)
        found.push_back(exact);
      return;
    }
    auto slash = rest.find('/');
    auto name = rest.substr(0, slash);
    // Without data: the topic ends here.
    rest = slash != rest.npos ? rest.substr(slash + 1) : std::string_view{};
    if (auto* any = from->any.load())
      collect(index, any, rest, found);
    from = index.find(*from, name);
    if (from == nullptr)
      return;
  }
}

} // namespace flamigo::detail
