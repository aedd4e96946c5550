#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/context/context.hpp"
#include "flamigo/history/history_position.hpp"
#include "flamigo/json/raw_json.hpp"
#include "flamigo/presence/presence_entry.hpp"
#include "flamigo/task/task.hpp"

namespace flamigo {

class websocket_client;

} // namespace flamigo

/// What a client says to subscribe to a channel, and what it is answered; see
/// docs/protocol.md.
namespace flamigo::detail {

struct since_input {
  std::string epoch;
  std::uint64_t offset;
};

BOOST_DESCRIBE_STRUCT(since_input, (), (epoch, offset))

struct subscribe_input {
  std::string topic;
  std::optional<since_input> since;
  std::optional<raw_json> input;
  std::optional<bool> presence;
};

BOOST_DESCRIBE_STRUCT(subscribe_input, (), (topic, since, input, presence))

struct subscribe_output {
  std::string topic;
  std::optional<std::string> epoch;
  std::optional<std::uint64_t> offset;
  std::optional<bool> recovered;
  std::optional<raw_json> result;
  std::optional<std::vector<presence_entry>> presence;
};

BOOST_DESCRIBE_STRUCT(subscribe_output, (),
                      (topic, epoch, offset, recovered, result, presence))

/// Sends the client what came behind this in a channel to which the program has
/// subscribed it, but not yet in this connection. Fails if it cannot have all
/// of that.
task<void> go_back(context ctx, websocket_client& self, std::string topic,
                   history_position after);

/// Subscribes the client whose actor runs this, or has it recover what it has
/// missed.
task<subscribe_output> subscribe_channel(context ctx, subscribe_input in);

} // namespace flamigo::detail
