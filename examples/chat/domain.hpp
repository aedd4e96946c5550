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
/// the topic of the room. Where the rooms are shared it hears what the others
/// publish, and keeps it as well. A restart begins with these rooms.
flamigo::domain_behavior domain(flamigo::domain_actor<state>* self,
                                const rooms& from);

} // namespace chat
