#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include <caf/actor_clock.hpp>

#include "flamigo/history/detail/event_log.hpp"
#include "flamigo/history/history_append.hpp"
#include "flamigo/history/history_limits.hpp"
#include "flamigo/history/history_numbers.hpp"
#include "flamigo/history/history_position.hpp"
#include "flamigo/history/history_slice.hpp"

namespace flamigo::detail {

/// Some of the topics of a `memory_history`. Whoever uses it has `mutex`.
class history_shard {
public:
  using time_point = caf::actor_clock::time_point;

  /// A topic that begins has the next of these epochs.
  history_shard(std::size_t max_topics, std::atomic<std::uint64_t>& epochs)
    : max_topics_(max_topics), epochs_(epochs) {
  }

  history_shard(const history_shard&) = delete;

  history_shard& operator=(const history_shard&) = delete;

  /// A topic and what is kept of it.
  struct entry {
    std::string topic;
    history_limits limits;
    std::uint64_t epoch;
    std::size_t followers = 0;
    event_log log = event_log{};

    history_position newest() const noexcept {
      return {epoch, log.newest()};
    }
  };

  /// Has topics numbered there from now on, and all of them begin anew.
  void number_by(history_numbers& what);

  /// All topics are as far as they are numbered, and nothing is kept of them.
  void begin_again();

  /// The entry of a topic that was used now, made if there is none.
  entry& use(std::string_view topic, const history_limits& limits,
             time_point now);

  /// Null if there is none.
  entry* find(std::string_view topic) noexcept;

  /// Where the event stands that is put into this entry now.
  history_position next(entry& what);

  void follow(entry& what) noexcept;

  void unfollow(std::string_view topic) noexcept;

  history_slice read(std::string_view topic, const history_position& after,
                     std::size_t max_bytes, time_point now);

  std::size_t size() const noexcept {
    return index_.size();
  }

  std::size_t bytes() const noexcept;

  mutable std::mutex mutex;

private:
  using list = std::list<entry>;

  /// Lets the topics go that are too many, and what is too old in the one that
  /// was used least recently.
  void make_room(time_point now) noexcept;

  const std::size_t max_topics_;
  std::atomic<std::uint64_t>& epochs_;
  history_numbers* numbers_ = nullptr;
  /// The most recently used first.
  list free_;
  list followed_;
  std::unordered_map<std::string_view, list::iterator> index_;
};

} // namespace flamigo::detail
