#pragma once

#include <vector>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

namespace flamigo::detail {

/// Waits until these have ended, for 10 seconds at most. Who has something to
/// do still is waited for by CAF, when the system ends.
void await_end(caf::actor_system& system, const std::vector<caf::actor>& what);

/// Waits for all others of the system, for 10 seconds at most, and says so.
/// Those that go on are left behind.
void await_others(caf::actor_system& system);

} // namespace flamigo::detail
