#pragma once

#include <cstddef>

#include "flamigo/log/log.hpp"

namespace flamigo {

/// How a connection is at a moment, as its actor says.
struct client_figures {
  /// Requests that wait for their answers.
  std::size_t in_flight = 0;

  /// Patterns and topics that it is subscribed to.
  std::size_t subscriptions = 0;

  /// From which level up its lines are logged in any case; `off` for none.
  log::level logged_from = log::level::off;
};

} // namespace flamigo
