#pragma once

#include <caf/actor_clock.hpp>
#include <caf/timespan.hpp>

namespace flamigo::detail {

/// The time after a timespan, which may be as long as one can be: then it never
/// comes.
inline caf::actor_clock::time_point due_in(const caf::actor_clock& clock,
                                           caf::timespan delay) noexcept {
  using time_point = caf::actor_clock::time_point;
  auto now = clock.now();
  return delay >= time_point::max() - now ? time_point::max() : now + delay;
}

} // namespace flamigo::detail
