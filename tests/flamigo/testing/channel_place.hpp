#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/json/raw_json.hpp"
#include "flamigo/presence/presence_entry.hpp"

namespace flamigo::testing {

/// What a client is told when it subscribes to a channel.
struct channel_place {
  /// As it has subscribed to it.
  std::string topic;
  /// Only where the channel has a history, as the next.
  std::optional<std::string> epoch;
  /// Of the newest event.
  std::optional<std::uint64_t> offset;
  /// Whether all comes that the client has missed; only of one that was there
  /// before.
  std::optional<bool> recovered;
  /// What the channel's `join` has answered.
  std::optional<raw_json> result;
  /// Who is there, if the client has asked for that and the channel has
  /// presence.
  std::optional<std::vector<presence_entry>> presence;
};

BOOST_DESCRIBE_STRUCT(channel_place, (),
                      (topic, epoch, offset, recovered, result, presence))

} // namespace flamigo::testing
