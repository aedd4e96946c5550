#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <boost/describe/class.hpp>

#include "flamigo/cluster/detail/failure_note.hpp"
#include "flamigo/json/raw_json.hpp"

namespace flamigo::detail {

/// A question to a user, whose connections at the receiver are asked.
struct question_note {
  /// Of all that the sender wants to know of the receiver.
  std::uint64_t number = 0;
  std::string user;
  std::string topic;
  raw_json payload;
  /// Within so many milliseconds; none of one that waits for ever.
  std::optional<std::uint64_t> timeout = {};
};

BOOST_DESCRIBE_STRUCT(question_note, (),
                      (number, user, topic, payload, timeout))

/// What has become of it, of an event that was to be handled, or of a call.
struct answer_note {
  std::uint64_t number = 0;
  /// None is `null`.
  std::optional<raw_json> payload = {};
  std::optional<failure_note> failure = {};
};

BOOST_DESCRIBE_STRUCT(answer_note, (), (number, payload, failure))

} // namespace flamigo::detail
