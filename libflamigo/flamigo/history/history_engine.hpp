#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include <caf/expected.hpp>

#include "flamigo/history/history_append.hpp"
#include "flamigo/history/history_limits.hpp"
#include "flamigo/history/history_position.hpp"
#include "flamigo/history/history_slice.hpp"

namespace flamigo {

/// Keeps what was published: a seam, behind which there is this process's
/// memory (`memory_history`) or what several share.
///
/// What an implementation promises (tests/history/engine_contract.hpp asks it):
///
/// - An append stores the event under all of its topics at once, or under none.
///   Under each it gets the offset after the newest. Whatever any reader is
///   told afterwards has it, or says that it does not reach that far back.
/// - An append is stored behind another one that was asked for before and has a
///   topic in common, and told of behind it: the second call has come when the
///   first one had returned. Those of calls at the same time come in any order,
///   which is the same for all readers, and may be told of in another.
/// - A topic keeps its epoch and its offsets while somebody follows it. One
///   that nobody follows may be forgotten; it begins anew with another epoch,
///   of which none has been there before, of any topic, in this process or an
///   earlier one.
/// - Answers come once, on any thread, in any order, perhaps before the call
///   has returned.
///
/// All functions are thread-safe and do not block.
class history_engine {
public:
  /// Is told how far a topic's history is, or why that is not known.
  using position_receiver
    = std::function<void(caf::expected<history_position>)>;

  /// Is told what a topic's history has, or why that is not known.
  using slice_receiver = std::function<void(caf::expected<history_slice>)>;

  virtual ~history_engine();

  /// Stores an event.
  virtual void append(std::shared_ptr<history_append> what) = 0;

  /// Holds a topic's history from now on, which begins if there is none, and
  /// says how far it is. Once for each follower; with an error there is none.
  virtual void follow(std::string_view topic, const history_limits& limits,
                      position_receiver then)
    = 0;

  /// One follower less.
  virtual void unfollow(std::string_view topic) = 0;

  /// Reads what came after a position: the next events that have together
  /// `max_bytes`, but one at least if there is one. A position that the topic
  /// has not got, or has no longer, is no error: the slice does not reach it.
  virtual void read(std::string_view topic, const history_position& after,
                    std::size_t max_bytes, slice_receiver then)
    = 0;
};

} // namespace flamigo
