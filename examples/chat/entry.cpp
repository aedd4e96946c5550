#include "entry.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "checks.hpp"
#include "messages.hpp"
#include "rooms.hpp"

namespace chat {

namespace {

/// The room that this topic is.
std::string room_of(const flamigo::topic& what) {
  return what.text().substr(what.text().find('/') + 1);
}

caf::error check_entry(const flamigo::claims& who, const flamigo::topic& what) {
  auto room = room_of(what);
  std::vector<flamigo::field_error> errors;
  check_room(room, errors);
  if (!errors.empty())
    return flamigo::invalid_payload(std::move(errors));
  return may_enter(who, room);
}

person introduce(const flamigo::claims& who) {
  return {who.user ? who.user->name : "somebody"};
}

flamigo::task<void> enter(flamigo::context ctx, flamigo::user who) {
  auto there = co_await flamigo::who_is_in(ctx, ctx.action());
  if (!there)
    co_return there.error();
  // Another window of somebody who is there is nobody new.
  auto key = "u:" + who.id;
  auto& all = there->entries;
  if (all.size() >= max_people
      && std::none_of(all.begin(), all.end(),
                      [&](auto& x) { return x.key == key; }))
    co_return flamigo::public_error("the room is full", 409, "room_full");
  co_return flamigo::ok;
}

} // namespace

caf::error may_enter(const flamigo::claims& who, std::string_view room) {
  static const auto moderates = flamigo::has_permission("chat:moderate");
  return room == "staff" ? moderates(who) : caf::error{};
}

flamigo::channel_options room_channel() {
  return {
    .check = check_entry,
    .history = flamigo::history_limits{.max_events = rooms::max_history},
    .join = "app::chat:enter",
    .presence = flamigo::presence_of(introduce),
  };
}

void add_enter(flamigo::strategy_registry& to) {
  to.add("app::chat:enter", flamigo::internal(), enter);
}

} // namespace chat
