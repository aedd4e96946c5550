#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <boost/describe/class.hpp>

#include "flamigo/described/inspect.hpp"
#include "flamigo/json/detail/bytes_within.hpp"
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
  /// Finds the bytes in the payload; null if its type has none. Of this process
  /// only.
  ///
  /// @private
  detail::bytes_finder bytes = nullptr;
};

BOOST_DESCRIBE_STRUCT(client_message, (), (topic, payload))

/// Whether clients take messages with this topic to be the framework's own:
/// `error`, `presence`, `subscribed` and others, see docs/protocol.md. The
/// program cannot send one.
bool is_own_topic(std::string_view topic) noexcept;

/// What the program is told that tries.
std::string own_topic_refused(std::string_view topic);

namespace detail {

void check_client_topic(std::string_view topic);

} // namespace detail

/// Makes a client message whose payload is the JSON of a value. Throws
/// std::invalid_argument for a topic that is the framework's own.
template <class T>
client_message make_client_message(std::string topic, const T& payload) {
  detail::check_client_topic(topic);
  return {std::move(topic), {to_json(payload)}, detail::finder_of<T>()};
}

} // namespace flamigo
