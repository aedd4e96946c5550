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

caf::result<welcome> enter(state& chat, flamigo::context& ctx, const join& in) {
  auto client = flamigo::require_actor<flamigo::websocket_client>(ctx);
  if (!client)
    return client.error();
  auto who = flamigo::require_user(ctx);
  if (!who)
    return who.error();
  auto& id = ctx.claims().connection_id;
  auto before = chat.members.put(id, {in.room, who->name});
  if (!before)
    return before.error();
  if (auto& was = *before) {
    client->unsubscribe(room_topic(was->room));
    if (auto err = ctx.publish(left{was->room, was->name}))
      return err;
  }
  // From here on the client gets what is published in the room.
  if (auto err = client->subscribe(room_topic(in.room))) {
    chat.members.remove(id);
    return err;
  }
  if (auto err = ctx.publish(joined{in.room, who->name}))
    return err;
  welcome result{chat.members.names(in.room), {}};
  if (auto said = chat.rooms.latest({in.room, {}}))
    result.messages = std::move(said->messages);
  return result;
}

} // namespace

flamigo::domain_behavior domain(flamigo::domain_actor<state>* self) {
  using flamigo::on;
  const flamigo::validator is_user{flamigo::is_websocket(),
                                   flamigo::is_authenticated()};
  self->subscribe(flamigo::client_disconnected::all);
  return {
    on("app::chat:join", is_user,
       [=](flamigo::context& ctx, const join& in) {
         return enter(self->state, ctx, in);
       }),
    on("app::chat:leave", is_user,
       [=](flamigo::context& ctx) -> caf::error {
         auto client = flamigo::require_actor<flamigo::websocket_client>(ctx);
         auto was = self->state.members.remove(ctx.claims().connection_id);
         if (!client || !was)
           return {};
         client->unsubscribe(room_topic(was->room));
         return ctx.publish(left{was->room, was->name});
       }),
    on("app::chat:post", is_user,
       [=](flamigo::context& ctx, const post& in) -> caf::result<receipt> {
         auto who = flamigo::require_user(ctx);
         if (!who)
           return who.error();
         auto added = self->state.rooms.add(in, who->name, now());
         if (!added)
           return added.error();
         if (auto err = ctx.publish(
               posted{in.room, added->id, who->name, in.text, added->time}))
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
