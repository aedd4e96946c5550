#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <caf/actor_control_block.hpp>

#include "flamigo/bus/detail/receivers.hpp"
#include "flamigo/topic/topic.hpp"

namespace flamigo::detail {

/// Who wants which topics: a trie of the segments of all patterns. What nobody
/// wants costs nothing, and what does not match a topic is not looked at.
///
/// Not thread-safe. It holds a strong reference to each subscriber.
class subscription_table {
public:
  subscription_table();

  subscription_table(subscription_table&& other) noexcept;

  subscription_table& operator=(subscription_table&& other) noexcept;

  ~subscription_table();

  enum class added {
    no,
    yes,
    /// It is the first one of this subscriber, ever.
    first,
  };

  /// `pattern` must be valid.
  added add(const caf::strong_actor_ptr& who, std::string_view pattern);

  /// False when there was no such subscription.
  bool remove(caf::actor_id who, std::string_view pattern);

  /// Removes all that is known of a subscriber and returns its reference.
  caf::strong_actor_ptr forget(caf::actor_id who);

  /// Everyone with a pattern that matches one of the topics, each once. It
  /// stays as it is when the table changes. Null when there is no one.
  receivers_ptr match(std::span<const topic> topics);

  /// How many matches there were; the number of the latest one.
  std::uint64_t stamp() const noexcept {
    return stamp_;
  }

  /// Patterns of one subscriber.
  std::size_t count(caf::actor_id who) const;

  /// Nodes of the trie, for a look at its memory.
  std::size_t nodes() const noexcept {
    return nodes_;
  }

private:
  struct node;

  struct subscriber {
    caf::strong_actor_ptr handle;
    /// Null when it has no home.
    homed_actor* actor = nullptr;
    std::vector<node*> nodes;
    /// Of the last match that found it.
    std::uint64_t stamp = 0;
  };

  node& make_node(std::string_view pattern);

  node* find_node(std::string_view pattern) const;

  void leave(subscriber& who, node& where);

  void prune(node* from);

  void collect(node& from, std::string_view rest);

  receivers_ptr merge();

  std::unique_ptr<node> root_;
  std::unordered_map<caf::actor_id, subscriber> subscribers_;
  /// The nodes that the current match has found.
  std::vector<node*> found_;
  std::uint64_t stamp_ = 0;
  std::size_t nodes_ = 0;
};

} // namespace flamigo::detail
