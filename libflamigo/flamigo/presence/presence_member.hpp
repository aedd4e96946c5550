#pragma once

#include <string>

namespace flamigo {

/// One connection that is to be seen in a channel.
struct presence_member {
  /// The claim of that name.
  std::string connection_id;
  /// As which it is seen; see `presence_entry::key`.
  std::string key;
  /// What it shows of itself, one JSON value.
  std::string state = "{}";
};

} // namespace flamigo
