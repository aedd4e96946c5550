#pragma once

#include <cstdint>
#include <vector>

#include "flamigo/presence/presence_entry.hpp"

namespace flamigo {

/// Who is in a channel at a moment.
struct presence_list {
  /// Of the newest `presence_change` that is in here. Those with a greater one
  /// make of this list what comes afterwards.
  std::uint64_t version = 0;
  /// In the order in which they came.
  std::vector<presence_entry> entries;
};

} // namespace flamigo
