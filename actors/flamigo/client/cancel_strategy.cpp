#include "flamigo/client/cancel_strategy.hpp"

#include <optional>

#include <boost/describe/class.hpp>

#include <caf/event_based_actor.hpp>

#include "flamigo/client/websocket_client.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/json/raw_json.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/wire/detail/ack_id.hpp"

namespace flamigo {

namespace {

/// One of the two, as the client's protocol has it.
struct cancel_input {
  std::optional<raw_json> ackId;
  std::optional<raw_json> stream;
};

BOOST_DESCRIBE_STRUCT(cancel_input, (), (ackId, stream))

struct cancel_output {
  bool cancelled;
};

BOOST_DESCRIBE_STRUCT(cancel_output, (), (cancelled))

caf::expected<cancel_output> cancel(context& ctx, const cancel_input& in) {
  auto who = caf::actor_cast<caf::abstract_actor*>(ctx.actor().handle);
  if (who != ctx.self())
    return internal_error("the requests of a client are cancelled in its own "
                          "actor: by the client itself, or by an inline "
                          "strategy that it has called");
  auto& self = static_cast<websocket_client&>(*ctx.self());
  if (self.names_streams()) {
    if (!in.stream || !in.stream->text.starts_with('"')
        || !detail::is_ack_id(in.stream->text))
      return invalid_payload(
        {{"stream", "must be the id of a stream, a string"}});
    return cancel_output{self.cancel(in.stream->text)};
  }
  if (!in.ackId || !detail::is_ack_id(in.ackId->text))
    return invalid_payload(
      {{"ackId", "must be the ackId of a request, a string or an integer"}});
  return cancel_output{self.cancel(in.ackId->text)};
}

} // namespace

void add_cancel_strategy(strategy_registry& to) {
  to.add(cancel_strategy_name(to), {open_to_guests(), is_websocket()}, cancel);
}

std::string cancel_strategy_name(const strategy_registry& registry) {
  return registry.name_of("websocket:cancel");
}

} // namespace flamigo
