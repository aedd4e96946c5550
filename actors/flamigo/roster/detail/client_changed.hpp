#pragma once

#include <caf/abstract_actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include "flamigo/claims/claims.hpp"

namespace flamigo {

/// Tells the roster that a connection has other claims than before.
///
/// @private
struct client_changed {
  caf::actor_id client;
  claims_ptr claims;
};

} // namespace flamigo

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::client_changed)
