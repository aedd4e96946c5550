#pragma once

#include <optional>
#include <string>

#include <boost/describe/class.hpp>

#include "flamigo/json/json.hpp"

namespace flamigo::testing::detail {

/// What a server sends to a client: a reply, an error or an event.
struct frame {
  std::string topic;
  raw_json payload;
  std::optional<raw_json> ackId; // NOLINT: as on the wire

  bool is_error() const {
    return topic == "error";
  }
};

BOOST_DESCRIBE_STRUCT(frame, (), (topic, payload, ackId))

} // namespace flamigo::testing::detail
