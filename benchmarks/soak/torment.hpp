#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "visitor.hpp"

namespace flamigo::soak {

/// Something that is done to the server.
struct torment {
  std::string_view name;
  /// How often a connection does it, compared with the others; 0 for what is
  /// done to the server as a whole.
  unsigned weight;
  /// Makes a connection that does it; null for the latter.
  std::unique_ptr<visitor> (*make)(stage&);
};

/// All that there are.
std::span<const torment> torments();

} // namespace flamigo::soak
