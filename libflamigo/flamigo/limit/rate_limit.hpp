#pragma once

#include <cstdint>
#include <string>

#include "flamigo/limit/rate.hpp"

namespace flamigo {

/// How often a strategy may be called from outside. Its calls by the program
/// are not counted.
struct rate_limit {
  /// Whose calls are counted together.
  enum class scope : std::uint8_t {
    /// Those of a user over all connections, or of one connection whose client
    /// has not authenticated.
    caller,
    /// Those of everybody.
    total,
  };

  /// Never without a limit.
  rate how_often;
  /// Whose calls count.
  scope whose = scope::caller;

  bool operator==(const rate_limit&) const = default;
};

/// As it is listed: `limit(10, 1s)` or `limit_in_total(100, 1min)`.
/// @relates rate_limit
std::string to_string(const rate_limit& x);

} // namespace flamigo
