#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/describe/class.hpp>

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include "flamigo/json/json.hpp"
#include "flamigo/remote/remote_place.hpp"

namespace flamigo::detail {

/// What a server says, whatever it is (docs/protocol.md).
struct remote_frame {
  std::string topic;
  std::optional<raw_json> payload;
  std::optional<std::string> ackId;     // NOLINT: as on the wire
  std::optional<std::string> requestId; // NOLINT: as on the wire
  std::optional<bool> more;
  std::optional<remote_place> offsets;

  const std::string& json() const noexcept;
};

BOOST_DESCRIBE_STRUCT(remote_frame, (),
                      (topic, payload, ackId, requestId, more, offsets))

/// A request; without an ackId nothing is answered.
std::string request_text(std::string_view topic, std::string_view payload,
                         std::string_view ack_id = {});

/// Reads the payload of an error.
caf::error read_remote_error(std::string_view payload);

/// The answer to a question of the server: its payload, or why there is none.
std::string answer_text(std::string_view request_id,
                        const caf::expected<std::string>& answer);

} // namespace flamigo::detail
