#pragma once

#include <flamigo/flamigo.hpp>

#include "members.hpp"
#include "rooms.hpp"

namespace chat {

struct state {
  chat::rooms rooms;
  chat::members members;

  static inline const char* name = "chat";
};

/// The chat's domain actor: one CAF actor that owns the rooms and their
/// members, answers app::chat:join, leave, post, delete and history, and
/// publishes what happens under the topic of the room. A restart begins without
/// rooms and members: whoever wants to be counted joins again.
flamigo::domain_behavior domain(flamigo::domain_actor<state>* self);

} // namespace chat
