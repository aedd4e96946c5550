#pragma once

#include <cstddef>
#include <iterator>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include <caf/actor_control_block.hpp>
#include <caf/message_id.hpp>

#include "flamigo/bus/event.hpp"
#include "flamigo/domain/event_overflow.hpp"

namespace flamigo::detail {

/// An event that waits for a domain actor.
struct queued_event {
  event_ptr what;
  /// Waits for an answer; null when nobody does.
  caf::strong_actor_ptr asker = nullptr;
  caf::message_id id = {};
};

/// The events that wait for one domain actor, in the order in which they came:
/// CAF's mailbox has no bound, and gives nothing back. For each event here a
/// message is in the mailbox, which stands for the event's turn and not for the
/// event: when one is dropped, those behind it move up. Thread-safe.
class event_queue {
public:
  using entry = queued_event;

  enum class verdict {
    /// It waits, and needs a turn of its own.
    added,
    /// It waits in the place of another one, which had a turn.
    replaced,
    /// The same, and the other one is lost.
    dropped,
    /// It is too many, and who asks has to be told so.
    refused,
    /// The actor has ended.
    closed,
  };

  event_queue(std::size_t max, event_overflow overflow);

  /// Leaves alone what is refused or comes too late. If it is added, it is
  /// given its turn before anybody else adds something: so no message that is
  /// sent behind an event has its turn before it. What throws, since memory
  /// runs short, adds nothing. On any thread.
  template <class F>
  verdict add(entry& what, F give_turn) {
    auto key = key_of(what);
    // Destroyed without the lock.
    entry gone;
    std::lock_guard guard{mtx_};
    auto result = put(what, std::move(key), gone);
    if (result != verdict::added)
      return result;
    try {
      give_turn();
    } catch (...) {
      // Each event behind it would wait for the next one's turn.
      gone = remove(std::prev(waiting_.end()));
      throw;
    }
    return result;
  }

  /// The next one, if there is one. In the actor.
  std::optional<entry> take();

  /// Takes no more, and returns those who wait for an answer.
  std::list<entry> close();

  std::size_t size() const;

private:
  struct place : entry {
    std::optional<std::string> key;
  };

  using places = std::list<place>;

  std::optional<std::string> key_of(const entry& what) const;

  verdict put(entry& what, std::optional<std::string>&& key, entry& gone);

  void append(entry&& what, std::optional<std::string>&& key);

  /// Returns what was there.
  entry remove(places::iterator which);

  const std::size_t max_;
  const event_overflow overflow_;
  mutable std::mutex mtx_;
  places waiting_;
  /// What was used before, so that a place is not allocated for each event.
  places spare_;
  /// The latest of each key.
  std::unordered_map<std::string, places::iterator> latest_;
  bool closed_ = false;
};

} // namespace flamigo::detail
