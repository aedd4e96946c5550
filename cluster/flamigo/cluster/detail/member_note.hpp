#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/json/raw_json.hpp"

namespace flamigo::detail {

/// A connection that is seen in a channel; see `presence_member`.
struct shared_member {
  /// Connection, channel and key, with asterisks between them, of which the
  /// first two have none.
  std::string id;
  raw_json state;
  /// Milliseconds since 1970, by its node's clock.
  std::uint64_t since = 0;
  /// How long the channel's list may be.
  std::uint64_t max_bytes = 0;

  friend bool operator==(const shared_member&, const shared_member&) = default;
};

BOOST_DESCRIBE_STRUCT(shared_member, (), (id, state, since, max_bytes))

/// Who is in the channels of a node, or how that has changed. See `note_log`.
struct member_note {
  using entry = shared_member;

  static std::string_view id_of(const entry& what) noexcept {
    return what.id;
  }

  static std::size_t bytes_of(const entry& what) noexcept {
    return what.id.size() + what.state.text.size() + 64;
  }

  /// Counts the changes; in a list, the last one that is in it.
  std::uint64_t version = 0;
  std::vector<shared_member> added = {};
  std::vector<std::string> removed = {};
  /// The first and the last one that say together who is there.
  bool begins = false;
  bool ends = false;
};

BOOST_DESCRIBE_STRUCT(member_note, (), (version, added, removed, begins, ends))

} // namespace flamigo::detail
