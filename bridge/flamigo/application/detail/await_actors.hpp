#pragma once

#include <vector>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

namespace flamigo::detail {

/// Waits until these have ended, for 10 seconds at most. Who has something to
/// do still is waited for by CAF, when the system ends.
void await_end(caf::actor_system& system, const std::vector<caf::actor>& what);

/// Waits until those of these have ended that stand for a detached domain,
/// however long that takes: CAF would wait for their threads in any case, but
/// when its scheduler runs no more, nobody takes note of their end.
void await_detached(caf::actor_system& system, std::vector<caf::actor> what);

/// Waits for all others of the system, for 10 seconds at most, and says so.
/// Those that go on are left behind.
void await_others(caf::actor_system& system);

} // namespace flamigo::detail
