#pragma once

#include <string>
#include <vector>

#include "flamigo/presence/presence_entry.hpp"

namespace flamigo {

/// Who is in a channel now, and what has changed.
struct remote_presence {
  /// In the order in which they came.
  std::vector<presence_entry> members{};
  /// Who is new, or shows something else of itself.
  std::vector<presence_entry> joined{};
  /// The keys of those who have gone.
  std::vector<std::string> left{};
};

} // namespace flamigo
