#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/bus/detail/event_kind.hpp"
#include "flamigo/bus/event.hpp"
#include "flamigo/claims/claims.hpp"
#include "flamigo/json/raw_json.hpp"

namespace flamigo::detail {

/// Who has caused something, without what is nobody else's business: headers,
/// certificates, and what the program keeps of its own.
struct cause_note {
  std::string type;
  std::optional<std::string> connection;
  std::optional<std::string> address;
  std::optional<std::string> domain;
  std::optional<std::string> user;
  std::optional<std::string> name;
  std::vector<std::string> permissions = {};
};

BOOST_DESCRIBE_STRUCT(cause_note, (),
                      (type, connection, address, domain, user, name,
                       permissions))

/// What clients get of an event.
struct client_note {
  std::string topic;
  /// None where it is the content.
  std::optional<raw_json> payload;
  /// Whether there are bytes in it.
  bool bytes = false;
};

BOOST_DESCRIBE_STRUCT(client_note, (), (topic, payload, bytes))

/// An event on its way between nodes.
struct event_note {
  std::vector<std::string> topics;
  cause_note cause;
  /// What contracts call its type; none where it is not JSON.
  std::optional<std::string> type;
  /// The content; none without a type.
  std::optional<raw_json> content;
  std::optional<client_note> client;
};

BOOST_DESCRIBE_STRUCT(event_note, (), (topics, cause, type, content, client))

/// Writes down what others may know of somebody.
cause_note note_of(const claims& who);

/// The opposite.
claims_ptr claims_of(cause_note&& who);

/// Writes down an event that does not stay.
event_note note_of(const event& what);

/// The opposite, but for type and content. Throws std::invalid_argument for a
/// topic that is none.
event_origin origin_of(event_note&& what);

} // namespace flamigo::detail
