#pragma once

#include <cstddef>

namespace flamigo {

/// What `memory_history` keeps in all.
struct memory_history_options {
  /// Topics with a history. Of those that nobody follows, about the one that
  /// was used least recently goes first; those that are followed stay, even if
  /// they are more.
  std::size_t max_topics = 10'000;
};

} // namespace flamigo
