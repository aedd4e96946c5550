#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
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

  /// Others that have the same rooms number their messages with other low bits.
  /// A page can read all of them: 2^53 of JavaScript leaves 2^33 messages.
  static constexpr unsigned node_bits = 20;

  /// On its own.
  rooms() = default;

  /// One of several, with a number below 2^node_bits that no other one has.
  explicit rooms(std::uint64_t node) : node_(node) {
  }

  /// Whether others have the same rooms.
  bool are_shared() const noexcept {
    return node_.has_value();
  }

  /// Appends to a room, which is made when it is new. Fails when there are too
  /// many rooms.
  caf::expected<message> add(const post& what, std::string author,
                             std::int64_t time);

  /// Keeps what was said by others, or does nothing where that is known.
  void learn(const std::string& room, const message& what);

  /// Takes a message out of a room. Its number is not given again. Fails when
  /// there is no such room or message.
  caf::error remove(const removal& what);

  /// The latest messages of a room: none of one in which nobody has spoken.
  history latest(const history_request& what) const;

private:
  struct room {
    /// Without what tells several apart.
    std::uint64_t last_id = 0;
    std::deque<message> messages;
  };

  /// Null when there are too many.
  room* find_or_make(const std::string& name);

  std::optional<std::uint64_t> node_;
  std::map<std::string, room> by_name_;
};

} // namespace chat
