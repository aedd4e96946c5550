// What the chat's clients and its strategies say to each other. Each struct is
// described once; JSON, field errors and CAF messages follow from that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include <flamigo/error/field_error.hpp>

#include "checks.hpp"

namespace chat {

/// One message of a room.
struct message {
  std::uint64_t id;
  std::string author;
  std::string text;
  /// Milliseconds since 1970, UTC.
  std::int64_t time;
};

BOOST_DESCRIBE_STRUCT(message, (), (id, author, text, time))

/// What those in a room see of each other.
struct person {
  std::string name;
};

BOOST_DESCRIBE_STRUCT(person, (), (name))

/// Input of app::chat:post. Who writes it is what the server knows, and nothing
/// that a client says.
struct post {
  std::string room;
  std::string text;

  void validate(std::vector<flamigo::field_error>& errors) const {
    check_room(room, errors);
    check_length("text", text, 2000, errors);
  }
};

BOOST_DESCRIBE_STRUCT(post, (), (room, text))

/// Its answer: the number of the message in its room.
struct receipt {
  std::uint64_t id;
};

BOOST_DESCRIBE_STRUCT(receipt, (), (id))

/// Input of app::chat:delete.
struct removal {
  std::string room;
  std::uint64_t id;

  void validate(std::vector<flamigo::field_error>& errors) const {
    check_room(room, errors);
  }
};

BOOST_DESCRIBE_STRUCT(removal, (), (room, id))

/// Input of app::chat:history.
struct history_request {
  std::string room;
  /// How many of the latest messages; all that are kept when absent.
  std::optional<std::uint32_t> limit;

  void validate(std::vector<flamigo::field_error>& errors) const {
    check_room(room, errors);
  }
};

BOOST_DESCRIBE_STRUCT(history_request, (), (room, limit))

/// Its answer, the oldest message first.
struct history {
  std::vector<message> messages;
};

BOOST_DESCRIBE_STRUCT(history, (), (messages))

} // namespace chat
