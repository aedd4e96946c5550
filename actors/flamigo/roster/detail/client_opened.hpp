#pragma once

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include "flamigo/claims/claims.hpp"

namespace flamigo {

/// Tells the roster that a connection actor was spawned.
///
/// @private
struct client_opened {
  caf::actor client;
  claims_ptr claims;
};

} // namespace flamigo

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::client_opened)
