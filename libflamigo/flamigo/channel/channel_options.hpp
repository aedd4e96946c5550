#pragma once

#include <functional>
#include <optional>
#include <string>

#include <caf/error.hpp>

#include "flamigo/claims/claims.hpp"
#include "flamigo/history/history_limits.hpp"
#include "flamigo/presence/presence_options.hpp"
#include "flamigo/topic/topic.hpp"

namespace flamigo {

/// What a channel is besides its topics and its guard.
struct channel_options {
  /// Who may subscribe to which topic, of those who have passed the guard. No
  /// error lets them, and any other one is what the client reads; what it
  /// throws lets nobody. It runs on many threads at once and must not block.
  using check_function
    = std::function<caf::error(const claims& who, const topic& what)>;

  /// None lets everybody whom the guard lets.
  check_function check = {};

  /// What is kept for those who come back; without it nothing is, and events
  /// have no offsets.
  std::optional<history_limits> history = {};

  /// A strategy that runs before a client is subscribed, on its behalf, inline
  /// or hosted: `context::action` is the topic, the payload is what the client
  /// gives as `input`, and the answer goes to it as `result`. If it fails, so
  /// does the subscription. It must be `internal`.
  std::string join = {};

  /// Lets subscribers see who else is there; without it nobody is to be seen.
  /// See `presence_of`.
  std::optional<presence_options> presence = {};
};

} // namespace flamigo
