#include "domain.hpp"

#include <chrono>

#include "entry.hpp"
#include "events.hpp"

namespace chat {

namespace {

std::int64_t now() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch())
    .count();
}

} // namespace

flamigo::domain_behavior domain(flamigo::domain_actor<state>* self,
                                const rooms& from) {
  using flamigo::listen;
  using flamigo::on;
  self->state.rooms = from;
  if (from.are_shared())
    self->subscribe("rooms/*");
  return {
    on("app::chat:post", flamigo::is_websocket(),
       [=](flamigo::context& ctx, const flamigo::user& who,
           const post& in) -> caf::result<receipt> {
         if (auto err = may_enter(ctx.claims(), in.room))
           return err;
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
       [=](flamigo::context& ctx,
           const history_request& in) -> caf::result<history> {
         if (auto err = may_enter(ctx.claims(), in.room))
           return err;
         return self->state.rooms.latest(in);
       }),
    listen([=](const posted& what) {
      self->state.rooms.learn(what.room,
                              {what.id, what.author, what.text, what.time});
    }),
    listen([=](const deleted& what) {
      // Of one's own it is gone already.
      (void) self->state.rooms.remove({what.room, what.id});
    }),
  };
}

} // namespace chat
