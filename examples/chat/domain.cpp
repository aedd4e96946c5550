#include "domain.hpp"

#include <chrono>

#include "events.hpp"

namespace chat {

namespace {

std::int64_t now() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch())
    .count();
}

caf::result<welcome> enter(state& chat, flamigo::context& ctx,
                           flamigo::client& client, const flamigo::user& who,
                           const join& in) {
  auto& id = ctx.claims().connection_id;
  auto before = chat.members.put(id, {in.room, who.name});
  if (!before)
    return before.error();
  if (auto& was = *before) {
    client.unsubscribe(room_topic(was->room));
    if (auto err = ctx.publish(left{was->room, was->name}))
      return err;
  }
  // From here on the client gets what is published in the room.
  if (auto err = client.subscribe(room_topic(in.room))) {
    chat.members.remove(id);
    return err;
  }
  if (auto err = ctx.publish(joined{in.room, who.name}))
    return err;
  welcome result{chat.members.names(in.room), {}};
  if (auto said = chat.rooms.latest({in.room, {}}))
    result.messages = std::move(said->messages);
  return result;
}

} // namespace

flamigo::domain_behavior domain(flamigo::domain_actor<state>* self) {
  using flamigo::on;
  self->subscribe(flamigo::client_disconnected::all);
  return {
    on("app::chat:join",
       [=](flamigo::context& ctx, flamigo::client& client,
           const flamigo::user& who, const join& in) {
         return enter(self->state, ctx, client, who, in);
       }),
    on("app::chat:leave", flamigo::is_authenticated(),
       [=](flamigo::context& ctx, flamigo::client& client) -> caf::error {
         auto was = self->state.members.remove(ctx.claims().connection_id);
         if (!was)
           return {};
         client.unsubscribe(room_topic(was->room));
         return ctx.publish(left{was->room, was->name});
       }),
    on("app::chat:post", flamigo::is_websocket(),
       [=](flamigo::context& ctx, const flamigo::user& who,
           const post& in) -> caf::result<receipt> {
         auto added = self->state.rooms.add(in, who.name, now());
         if (!added)
           return added.error();
         if (auto err = ctx.publish(
               posted{in.room, added->id, who.name, in.text, added->time}))
           return err;
         return receipt{added->id};
       }),
    on("app::chat:delete",
       {flamigo::is_websocket(), flamigo::has_permission("chat:moderate")},
       [=](flamigo::context& ctx, const removal& in) -> caf::result<void> {
         if (auto err = self->state.rooms.remove(in))
           return err;
         return ctx.publish(deleted{in.room, in.id});
       }),
    on("app::chat:history", flamigo::open_to_guests(),
       [=](const history_request& in) { return self->state.rooms.latest(in); }),
    // Comes once for every connection, however it ended.
    flamigo::listen(
      [=](flamigo::context& ctx,
          const flamigo::client_disconnected& gone) -> caf::error {
        auto was = self->state.members.remove(gone.connection_id);
        return was ? ctx.publish(left{was->room, was->name}) : caf::error{};
      }),
  };
}

} // namespace chat
