#pragma once

#include <cstddef>
#include <string>

#include "flamigo/domain/domain_state.hpp"

namespace flamigo {

/// How a hosted domain is at a moment.
struct domain_figures {
  /// `app::orders`, or `app::orders/3` for a shard.
  std::string name;
  /// Whether it takes what it is sent.
  domain_state state;
  /// Requests that wait in its mailbox.
  std::size_t queued_requests;
  /// Events that wait for its listeners.
  std::size_t queued_events;
  /// How often it was restarted.
  std::size_t restarts;
};

} // namespace flamigo
