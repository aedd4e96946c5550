#pragma once

#include <string>
#include <string_view>

#include <boost/describe/class.hpp>

#include "flamigo/inspect.hpp"
#include "flamigo/raw_json.hpp"

namespace flamigo {

/// Send this to a connection actor, and its client gets it as an event:
/// `{"topic": topic, "payload": payload}`.
struct client_message {
  std::string topic;
  raw_json payload;
};

BOOST_DESCRIBE_STRUCT(client_message, (), (topic, payload))

} // namespace flamigo
