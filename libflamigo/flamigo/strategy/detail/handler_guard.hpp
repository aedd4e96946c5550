#pragma once

#include <utility>
#include <vector>

#include "flamigo/claims/validator.hpp"
#include "flamigo/strategy/detail/handler_traits.hpp"

namespace flamigo::detail {

/// The guard that was given, and what is asked for besides; what the given one
/// asks anyway is not asked twice.
validator join_guards(validator given, const std::vector<validator>& asked);

/// The guard of a strategy with these handlers: what their parameters ask for
/// is asked of everyone, whichever handler the payload picks.
template <class... Fs>
validator guard_of(validator given) {
  if constexpr ((handler_traits<Fs>::asks_who || ...)) {
    std::vector<validator> asked;
    (handler_traits<Fs>::who::guards(asked), ...);
    return join_guards(std::move(given), asked);
  } else {
    return given;
  }
}

} // namespace flamigo::detail
