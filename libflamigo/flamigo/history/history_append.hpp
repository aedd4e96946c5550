#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include <caf/error.hpp>

#include "flamigo/history/history_limits.hpp"
#include "flamigo/history/history_position.hpp"
#include "flamigo/history/kept_event.hpp"

namespace flamigo {

/// An event on its way into the history of one topic or more. Whoever publishes
/// derives from it; the engine holds it until it has been stored.
class history_append {
public:
  /// One topic.
  struct target {
    /// Lives as long as the append.
    std::string_view topic;
    /// Of its history from now on.
    history_limits limits;
    // -- set by the engine ----------------------------------------------------
    /// Where the event stands.
    history_position at = {};
    /// What is kept of it.
    kept_event kept = {};
  };

  virtual ~history_append();

  /// As of a `kept_event`.
  virtual std::string_view base() const noexcept = 0;

  /// As of a `kept_event`: an engine that has no place for it sends what it has
  /// kept with bytes in base64. Null by default.
  ///
  /// @private
  virtual detail::bytes_finder bytes() const noexcept;

  /// It has been stored under all of its topics, or under none, for this
  /// reason. Called once, on any thread, and perhaps before
  /// `history_engine::append` returns.
  virtual void stored(caf::error why) = 0;

  /// Each topic once, at least one.
  std::vector<target> targets;
};

} // namespace flamigo
