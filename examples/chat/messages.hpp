// What the chat's clients and its strategies say to each other. Each struct is
// described once; JSON, field errors and CAF messages follow from that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include <flamigo/field_error.hpp>

namespace chat {

/// A name or a text must have something in it and an end.
inline void check_length(const char* field, const std::string& value,
                         std::size_t max,
                         std::vector<flamigo::field_error>& errors) {
  if (value.find_first_not_of(" \t\r\n") == std::string::npos)
    errors.push_back({field, "must not be empty"});
  else if (value.size() > max)
    errors.push_back(
      {field, "must not be longer than " + std::to_string(max) + " bytes"});
}

/// Input of app::chat:post.
struct post {
  std::string room;
  std::string author;
  std::string text;

  void validate(std::vector<flamigo::field_error>& errors) const {
    check_length("room", room, 64, errors);
    check_length("author", author, 64, errors);
    check_length("text", text, 2000, errors);
  }
};

BOOST_DESCRIBE_STRUCT(post, (), (room, author, text))

/// Its answer: the number of the message in its room.
struct posted {
  std::uint64_t id;
};

BOOST_DESCRIBE_STRUCT(posted, (), (id))

/// One message of a room.
struct message {
  std::uint64_t id;
  std::string author;
  std::string text;
  /// Milliseconds since 1970, UTC.
  std::int64_t time;
};

BOOST_DESCRIBE_STRUCT(message, (), (id, author, text, time))

/// Input of app::chat:history.
struct history_request {
  std::string room;
  /// How many of the latest messages; all that are kept when absent.
  std::optional<std::uint32_t> limit;
};

BOOST_DESCRIBE_STRUCT(history_request, (), (room, limit))

/// Its answer, the oldest message first.
struct history {
  std::vector<message> messages;
};

BOOST_DESCRIBE_STRUCT(history, (), (messages))

/// Answer of app::chat:whoami.
struct identity {
  std::string connection_id;
  std::string address;
};

BOOST_DESCRIBE_STRUCT(identity, (), (connection_id, address))

} // namespace chat
