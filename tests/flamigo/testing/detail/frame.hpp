#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include <boost/describe/class.hpp>

#include "flamigo/json/json.hpp"

namespace flamigo::testing::detail {

/// What a server sends to a client: a reply, an error, an event or a question.
struct frame {
  std::string topic;
  raw_json payload;
  std::optional<raw_json> ackId;        // NOLINT: as on the wire
  std::optional<std::string> requestId; // NOLINT: as on the wire
  std::optional<bool> more;
  std::optional<std::map<std::string, std::uint64_t>> offsets;

  bool is_error() const {
    return topic == "error";
  }
};

BOOST_DESCRIBE_STRUCT(frame, (),
                      (topic, payload, ackId, requestId, more, offsets))

} // namespace flamigo::testing::detail
