#pragma once

#include <vector>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

namespace flamigo::detail {

/// Waits until these have ended, for 10 seconds at most. Who has something to
/// do still is waited for by CAF, when the system ends.
void await_end(caf::actor_system& system, const std::vector<caf::actor>& what);

/// Ends these one after the other, the last one first, each when the one before
/// has ended. Each has 10 seconds, or a second more than the `stop_timeout` of
/// the domain that it stands for. A detached domain has as long as it takes:
/// CAF would wait for its thread in any case, but when its scheduler runs no
/// more, nobody takes note of its end. If one does not end in time, all that
/// are left are told at once, and have 10 seconds.
void end_in_turn(caf::actor_system& system,
                 const std::vector<caf::actor>& what);

/// Waits for all others of the system, for 10 seconds at most, and says so.
/// Those that go on are left behind.
void await_others(caf::actor_system& system);

} // namespace flamigo::detail
