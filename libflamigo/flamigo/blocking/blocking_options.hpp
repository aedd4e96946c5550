#pragma once

#include <cstddef>

namespace flamigo {

/// The threads for what blocks; see `flamigo::blocking`.
struct blocking_options {
  /// How many; each is started when it is first needed.
  std::size_t threads = 8;

  /// Functions that wait for a thread; more are refused with 503.
  std::size_t max_queued = 1'000;
};

} // namespace flamigo
