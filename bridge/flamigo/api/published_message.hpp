#pragma once

#include <string>

#include <boost/describe/class.hpp>

#include "flamigo/topic/topic.hpp"
#include "flamigo/wire/client_message.hpp"

namespace flamigo {

/// What somebody outside has published by the publishing API. Its cause is the
/// program itself.
struct published_message {
  /// The topic of the bus.
  std::string under;
  /// What clients get.
  client_message message;

  /// As above.
  topic topics() const {
    return topic{under};
  }

  /// As above.
  client_message to_client() const {
    return message;
  }
};

BOOST_DESCRIBE_STRUCT(published_message, (), (under, message))

} // namespace flamigo
