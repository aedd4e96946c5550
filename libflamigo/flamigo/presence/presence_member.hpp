#pragma once

#include <cstdint>
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
  /// Of a key's connections, the one with the greatest is the newest, whenever
  /// it was set; of those with the same, the one that was set last. What
  /// several processes share has the time here, so that all show the same.
  std::uint64_t since = 0;
};

} // namespace flamigo
