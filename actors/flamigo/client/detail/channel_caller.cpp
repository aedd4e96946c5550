#include "flamigo/client/detail/channel_caller.hpp"

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>

#include "flamigo/client/websocket_client.hpp"
#include "flamigo/error/error.hpp"

namespace flamigo::detail {

caf::expected<topic> topic_of(const std::string& text) {
  auto result = topic::parse(text);
  if (!result)
    return invalid_payload({{"topic", public_message(result.error())}});
  return result;
}

caf::expected<websocket_client*> client_of(const context& ctx) {
  auto who = caf::actor_cast<caf::abstract_actor*>(ctx.actor().handle);
  if (who != ctx.self())
    return internal_error("a client subscribes in its own actor: by itself, or "
                          "by an inline strategy that it has called");
  return static_cast<websocket_client*>(ctx.self());
}

} // namespace flamigo::detail
