#include "whoami.hpp"

namespace chat {

void add_whoami(flamigo::strategy_registry& to) {
  using namespace flamigo;
  to.add("app::chat:whoami", {open_to_guests(), is_websocket()},
         [](context& ctx) {
           auto& who = ctx.claims();
           identity result{who.connection_id, who.remote_address, {}, {}};
           if (who.user) {
             result.name = who.user->name;
             result.permissions = who.user->permissions;
           }
           return result;
         });
}

} // namespace chat
