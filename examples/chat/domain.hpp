#pragma once

#include <flamigo/domain_actor.hpp>

#include "rooms.hpp"

namespace chat {

struct state {
  chat::rooms rooms;

  static inline const char* name = "chat";
};

/// The chat's domain actor: one CAF actor that owns the rooms and answers
/// app::chat:post and app::chat:history.
flamigo::domain_behavior domain(flamigo::domain_actor<state>* self);

} // namespace chat
