#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include <caf/expected.hpp>

#include "messages.hpp"

namespace chat {

/// The rooms and their latest messages: plain C++, the state of the domain
/// actor. Nothing in here grows without a bound.
class rooms {
public:
  static constexpr std::size_t max_rooms = 1000;
  static constexpr std::size_t max_history = 100;

  /// Appends to a room, which is made when it is new. Fails when there are too
  /// many rooms.
  caf::expected<message> add(const post& what, std::string author,
                             std::int64_t time);

  /// Takes a message out of a room. Its number is not given again. Fails when
  /// there is no such room or message.
  caf::error remove(const removal& what);

  /// The latest messages of a room: none of one in which nobody has spoken.
  history latest(const history_request& what) const;

private:
  struct room {
    std::uint64_t last_id = 0;
    std::deque<message> messages;
  };

  std::map<std::string, room> by_name_;
};

} // namespace chat
