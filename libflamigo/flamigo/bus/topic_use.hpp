#pragma once

#include <cstddef>
#include <string>

namespace flamigo {

/// A topic or a pattern, and how many want it.
struct topic_use {
  /// As it was subscribed.
  std::string text;
  /// Whether they want this topic and nothing below it, as subscribers of
  /// channels do.
  bool exactly = false;
  /// How many.
  std::size_t subscribers = 0;
};

} // namespace flamigo
