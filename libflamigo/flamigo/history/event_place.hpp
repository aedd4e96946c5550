#pragma once

#include <string>

#include "flamigo/history/history_position.hpp"

namespace flamigo {

/// Where an event stands in one topic's history.
struct event_place {
  /// The topic's text.
  std::string topic;

  /// In its history.
  history_position at;

  friend bool operator==(const event_place&, const event_place&) = default;
};

} // namespace flamigo
