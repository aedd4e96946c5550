#pragma once

#include <cstdint>
#include <cstdlib>

namespace flamigo::test {

/// How many random stories are played: more with FLAMIGO_CLUSTER_SEEDS.
inline std::uint32_t seeds() {
  auto* more = std::getenv("FLAMIGO_CLUSTER_SEEDS");
  return more != nullptr ? static_cast<std::uint32_t>(std::atoi(more)) : 20;
}

} // namespace flamigo::test
