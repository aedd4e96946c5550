#pragma once

#include <cstdint>
#include <random>

namespace flamigo::detail {

/// An epoch that no other history has, as far as chance goes. Never 0.
inline std::uint64_t random_epoch() {
  std::random_device source;
  return (std::uint64_t{source()} << 32 | source()) | 1;
}

} // namespace flamigo::detail
