#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/container/small_vector.hpp>

#include <caf/actor_control_block.hpp>

#include "flamigo/bus/detail/pointer_set.hpp"
#include "flamigo/bus/detail/receivers.hpp"
#include "flamigo/bus/topic_use.hpp"
#include "flamigo/topic/topic.hpp"

namespace flamigo {

class event_relay;

} // namespace flamigo

namespace flamigo::detail {

/// Who wants which topics: a trie of the segments of all patterns. What nobody
/// wants costs nothing, and what does not match a topic is not looked at.
///
/// Thread-safe. Asking takes no lock, unless a pattern is asked for the first
/// time since someone came or went; changes come one by one, and wait for those
/// who ask. It holds a strong reference to each subscriber.
class subscription_table {
public:
  subscription_table();

  ~subscription_table();

  enum class added {
    no,
    yes,
    /// It is the first one of this subscriber, ever.
    first,
  };

  /// The last segment of a pattern that is a topic and matches nothing but
  /// that: `rooms/42/*!`. No topic and no other pattern has such a segment.
  static constexpr std::string_view exact_segment = "*!";

  /// `pattern` must be valid. Nothing is added once the table is closed.
  added add(const caf::strong_actor_ptr& who, std::string_view pattern);

  /// False when there was no such subscription. Whoever moves from one pattern
  /// to another by `add` and then this misses nothing.
  bool remove(caf::actor_id who, std::string_view pattern);

  /// Removes all that is known of a subscriber.
  void forget(caf::actor_id who);

  /// Removes all subscribers, for good.
  void close();

  /// Tells it from now on which patterns have subscribers, and of those that
  /// have some. Until the table is closed.
  void tell_wishes(event_relay& whom);

  /// Everyone with a pattern that matches one of the topics, each once. It
  /// stays as it is when the table changes. Null when there is no one.
  receivers_ptr match(std::span<const topic> topics);

  /// Patterns of one subscriber.
  std::size_t count(caf::actor_id who) const;

  /// Patterns of all subscribers. Takes no lock.
  std::size_t subscriptions() const noexcept {
    return wishes_.load(std::memory_order_relaxed);
  }

  /// See `bus::most_wanted`.
  std::vector<topic_use> most_wanted(std::size_t limit,
                                     std::string_view text) const;

  /// Nodes of the trie, for a look at its memory.
  std::size_t nodes() const;

private:
  struct node;
  struct node_index;
  struct leftovers;

  struct subscriber {
    caf::strong_actor_ptr handle;
    /// Null when it has no home.
    homed_actor* actor = nullptr;
    pointer_set<node> nodes;
  };

  /// Those that a topic matches and that have subscribers.
  using found_nodes = boost::container::small_vector<node*, 16>;

  using found_lists = boost::container::small_vector<receivers_ptr, 4>;

  // -- of who reads, or has the lock ------------------------------------------

  found_nodes find(std::span<const topic> topics) const;

  static void collect(const node_index& index, node* from,
                      std::string_view rest, found_nodes& found);

  /// False if one has to be made.
  static bool take_lists(const found_nodes& found, found_lists& lists);

  node* find_node(std::string_view pattern) const;

  static topic_use use_of(const node& what);

  /// As it was added.
  static std::string pattern_of(const node& what);

  // -- of who has the lock ----------------------------------------------------

  node& make_node(std::string_view pattern, leftovers& old);

  void leave(subscriber& who, node& where, leftovers& old);

  void prune(node* from, leftovers& old);

  /// Makes an index that fits so many nodes.
  void resize(std::size_t count, leftovers& old);

  mutable std::mutex mtx_;
  std::unordered_map<caf::actor_id, subscriber> subscribers_;
  std::size_t count_ = 0;
  /// How often the index has been made anew.
  std::size_t resizes_ = 0;
  /// Changed with the lock.
  std::atomic<std::size_t> wishes_ = 0;
  bool closed_ = false;
  event_relay* relay_ = nullptr;

  // -- what is read without it ------------------------------------------------

  alignas(64) std::atomic<node_index*> index_;
  std::unique_ptr<node> root_;
};

} // namespace flamigo::detail
