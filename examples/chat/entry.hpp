#pragma once

#include <cstddef>
#include <string_view>

#include <flamigo/channel/channel_options.hpp>
#include <flamigo/flamigo.hpp>

#include "events.hpp"

namespace chat {

/// How many people are in a room at most, give or take those who come at the
/// same moment.
constexpr std::size_t max_people = 200;

/// Whether somebody may read and write in a room: `staff` is for moderators,
/// all others are for everybody.
caf::error may_enter(const flamigo::claims& who, std::string_view room);

/// What the rooms are as channels: who may subscribe to which, what is kept for
/// those who come back, and what people see of each other.
flamigo::channel_options room_channel();

/// Adds app::chat:enter, which runs before somebody comes into a room and
/// refuses when that is full.
void add_enter(flamigo::strategy_registry& to);

/// All of that with what clients hear, in a program or in a test of one.
template <class App>
void open_rooms(App& app) {
  add_enter(app.strategies());
  app.channel("rooms/*", flamigo::is_authenticated(), room_channel());
  app.contract()
    .template event<posted>("chat:message", "rooms/*")
    .template event<deleted>("chat:deleted", "rooms/*")
    .error("app::chat:enter", {409, "room_full", "Nobody else may come in."})
    .error("app::chat:post", {409, "too_many_rooms", "No more rooms are made."})
    .error("app::chat:delete",
           {404, "unknown_room", "Nobody has said a word in it."});
}

} // namespace chat
