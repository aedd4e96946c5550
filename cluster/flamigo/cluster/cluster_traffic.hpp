#pragma once

#include <cstdint>

#include <boost/describe/class.hpp>

namespace flamigo {

/// What has gone between a node and NATS since it was started, what it says by
/// itself included. A frame to all nodes counts once.
struct cluster_traffic {
  std::uint64_t sent_frames = 0;
  std::uint64_t sent_bytes = 0;
  std::uint64_t received_frames = 0;
  std::uint64_t received_bytes = 0;
  /// What the server has not taken yet, as it was when something was sent last.
  std::uint64_t backlog_bytes = 0;
};

BOOST_DESCRIBE_STRUCT(cluster_traffic, (),
                      (sent_frames, sent_bytes, received_frames, received_bytes,
                       backlog_bytes))

} // namespace flamigo
