#pragma once

#include <caf/actor.hpp>

#include "flamigo/claims/claims.hpp"

namespace flamigo {

/// Who is asking: a CAF actor and what is known of it. Both parts are handles,
/// so a copy is cheap and may be kept for as long as one likes; the handle
/// keeps the actor's memory, not the actor itself, alive.
struct acting_actor {
  /// The connection's actor for a client, null where nobody can be sent to.
  caf::actor handle;
  /// Never null.
  claims_ptr claims;
};

} // namespace flamigo
