#pragma once

#include <flamigo/flamigo.hpp>

#include "rooms.hpp"

namespace chat {

struct state {
  chat::rooms rooms;

  static inline const char* name = "chat";
};

/// The chat's domain actor: one CAF actor that owns what was said in the rooms,
/// answers app::chat:post, delete and history, and publishes what happens under
/// the topic of the room. A restart begins with rooms in which nobody has
/// spoken.
flamigo::domain_behavior domain(flamigo::domain_actor<state>* self);

} // namespace chat
