#pragma once

#include <caf/abstract_actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include "flamigo/wire/close_reason.hpp"

namespace flamigo {

/// Tells the roster that a client has gone whose actor goes on for a while, to
/// finish what the client wanted no answer of.
///
/// @private
struct client_left {
  caf::actor_id client;
  close_reason why;
};

} // namespace flamigo

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::client_left)
