#pragma once

#include <string>

#include <boost/describe/class.hpp>

#include "flamigo/json/raw_json.hpp"

namespace flamigo {

/// Somebody who is subscribed to a channel with presence: a user, whatever the
/// number of his connections, or a guest's connection.
struct presence_entry {
  /// `u:` and a user's id, or `c:` and a connection's.
  std::string key;
  /// What it shows of itself; of several connections, what the newest does.
  raw_json state;

  friend bool operator==(const presence_entry&, const presence_entry&)
    = default;
};

BOOST_DESCRIBE_STRUCT(presence_entry, (), (key, state))

} // namespace flamigo
