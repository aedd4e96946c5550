#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include <caf/expected.hpp>

#include "flamigo/presence/presence_list.hpp"
#include "flamigo/presence/presence_member.hpp"

namespace flamigo {

/// Knows who is in which channel: a seam, behind which there is this process's
/// memory (`memory_presence`) or what several share.
///
/// What an implementation promises (tests/presence/engine_contract.hpp asks
/// it):
///
/// - It publishes what changes as `presence_change`s, those of a channel one
///   after the other with growing versions. What happens within a short time is
///   one of them, and a key that came and went in that time is in none, unless
///   a list has had it.
/// - A list with the later changes applied is the list of then: nothing is
///   missing and nobody is left behind. A subscriber of the changes who asks
///   for a list afterwards gets every change with a greater version than the
///   list's.
/// - What is asked for comes in the order of the calls of one thread: who sets
///   a member finds it in the list that it asks for next.
/// - A key is there as long as one of its connections is. Those of a process
///   that ends without a word are gone within 30 seconds wherever others still
///   see them.
/// - Answers come once, on any thread, perhaps before the call has returned.
///
/// All functions are thread-safe and do not block.
class presence_engine {
public:
  /// Is told who is there, or why that is not known.
  using list_receiver = std::function<void(caf::expected<presence_list>)>;

  virtual ~presence_engine();

  /// Has a connection seen in a channel, or seen otherwise. `before` is the key
  /// as which it was seen until now, if that is another one: both are in one
  /// change. Where the channel's list would be longer than `max_bytes`, it is
  /// not seen, or as before; the log says so, as it does where nobody can be
  /// told (`presence_change::topic_of`). If it throws, nothing has changed, or
  /// the connection is seen no longer.
  virtual void set(std::string_view channel, const presence_member& who,
                   std::string_view before, std::size_t max_bytes)
    = 0;

  /// A connection is not seen any more as this key. Nothing happens if it was
  /// not.
  virtual void remove(std::string_view channel, std::string_view key,
                      std::string_view connection_id)
    = 0;

  /// Says who is there. Nobody is in a channel that it does not know.
  virtual void list(std::string_view channel, list_receiver then) = 0;
};

} // namespace flamigo
