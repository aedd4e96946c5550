#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <boost/describe/class.hpp>

#include "flamigo/json/raw_json.hpp"

namespace flamigo::detail {

/// A question to a user, whose connections at the receiver are asked.
struct question_note {
  /// Of those that the sender has asked the receiver.
  std::uint64_t number = 0;
  std::string user;
  std::string topic;
  raw_json payload;
  /// Within so many milliseconds; none of one that waits for ever.
  std::optional<std::uint64_t> timeout = {};
};

BOOST_DESCRIBE_STRUCT(question_note, (),
                      (number, user, topic, payload, timeout))

/// Why there is no answer, as clients read it.
struct failure_note {
  std::string code;
  std::int32_t status = 0;
  std::string message;
};

BOOST_DESCRIBE_STRUCT(failure_note, (), (code, status, message))

/// What has become of it, or of an event that was to be handled.
struct answer_note {
  std::uint64_t number = 0;
  /// None is `null`.
  std::optional<raw_json> payload = {};
  std::optional<failure_note> failure = {};
};

BOOST_DESCRIBE_STRUCT(answer_note, (), (number, payload, failure))

} // namespace flamigo::detail
