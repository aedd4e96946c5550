#pragma once

#include <optional>

#include "flamigo/remote/remote_position.hpp"

namespace flamigo {

/// How a channel is entered.
struct remote_join_options {
  /// Whether to be told who is there.
  bool presence = false;

  /// The last event that the program has, of an earlier run, say: what came
  /// after it is sent again, where the channel still has it.
  std::optional<remote_position> since{};
};

} // namespace flamigo
