#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <caf/expected.hpp>

namespace chat {

/// Somebody who is in a room.
struct member {
  std::string room;
  std::string name;
};

/// Which connection is in which room, under which name: plain C++, the state of
/// the domain actor. Two windows of one person are two members.
///
/// A connection is in one room at most, and a room without members costs
/// nothing: this is as large as the number of open connections, as long as each
/// is removed when it ends.
class members {
public:
  static constexpr std::size_t max_per_room = 200;

  /// Puts a connection into a room and returns what it was before. Fails when
  /// the room is full, and changes nothing then.
  caf::expected<std::optional<member>> put(const std::string& connection,
                                           const member& who);

  /// Takes a connection out of its room and returns what it was there; nothing
  /// when it was in none.
  std::optional<member> remove(const std::string& connection);

  /// The names in a room, in the order of arrival.
  std::vector<std::string> names(const std::string& room) const;

private:
  /// A connection and its name.
  using entry = std::pair<std::string, std::string>;

  std::map<std::string, std::vector<entry>> by_room_;
  std::map<std::string, std::string> room_of_;
};

} // namespace chat
