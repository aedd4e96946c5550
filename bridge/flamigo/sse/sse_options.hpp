#pragma once

#include <string>

namespace flamigo {

/// How clients of server-sent events are served, see `application::sse`. Read
/// once, when the server starts. Their limits are those of other clients, in
/// `server_options`: `ping_interval` is the longest time without a line.
struct sse_options {
  /// Path of the endpoint, exactly. Begins with a slash.
  std::string path = "/sse";
};

} // namespace flamigo
