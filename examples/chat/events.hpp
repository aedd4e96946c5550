// What happens in a room: published under the room's topic, which is a channel,
// and pushed to the clients that are in it.
#pragma once

#include <cstdint>
#include <string>

#include <boost/describe/class.hpp>

#include <flamigo/bus/event_type.hpp>

namespace chat {

inline flamigo::topic room_topic(const std::string& room) {
  return flamigo::topic{"rooms/" + room};
}

/// A message was posted.
struct posted {
  std::string room;
  std::uint64_t id;
  std::string author;
  std::string text;
  std::int64_t time;

  flamigo::topic topics() const {
    return room_topic(room);
  }

  flamigo::client_message to_client() const {
    return flamigo::make_client_message("chat:message", *this);
  }
};

BOOST_DESCRIBE_STRUCT(posted, (), (room, id, author, text, time))

/// A moderator took a message away.
struct deleted {
  std::string room;
  std::uint64_t id;

  flamigo::topic topics() const {
    return room_topic(room);
  }

  flamigo::client_message to_client() const {
    return flamigo::make_client_message("chat:deleted", *this);
  }
};

BOOST_DESCRIBE_STRUCT(deleted, (), (room, id))

} // namespace chat
