#pragma once

#include <chrono>

namespace flamigo::detail {

/// Since 1970, by the machine's clock, which somebody may set.
inline std::chrono::milliseconds calendar_time() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
    std::chrono::system_clock::now().time_since_epoch());
}

} // namespace flamigo::detail
