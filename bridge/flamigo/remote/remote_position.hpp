#pragma once

#include <cstdint>
#include <string>

#include <boost/describe/class.hpp>

namespace flamigo {

/// How far one is in a channel with a history, as the server counts.
struct remote_position {
  /// Another one when offsets have begun anew.
  std::string epoch;
  /// Of the last event that one has.
  std::uint64_t offset = 0;
};

BOOST_DESCRIBE_STRUCT(remote_position, (), (epoch, offset))

} // namespace flamigo
