#pragma once

#include <string>
#include <utility>

#include <boost/describe/class.hpp>

#include "flamigo/described/inspect.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/json/raw_json.hpp"

namespace flamigo {

/// What a client gets as an event: `{"topic": topic, "payload": payload}`. Send
/// it to a connection actor, or have an event of the bus carry it.
struct client_message {
  /// By which clients tell events apart; not the topic of the bus.
  std::string topic;
  /// What the client gets, as it is.
  raw_json payload;
};

BOOST_DESCRIBE_STRUCT(client_message, (), (topic, payload))

/// Makes a client message whose payload is the JSON of a value.
template <class T>
client_message make_client_message(std::string topic, const T& payload) {
  return {std::move(topic), {to_json(payload)}};
}

} // namespace flamigo
