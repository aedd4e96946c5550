#pragma once

#include <string>

namespace flamigo {

/// The publishing API, for programs outside that publish and ask. Read once,
/// when the server starts.
struct api_options {
  /// File of the keys, see `api_keys`. Empty for no API. It is read again on
  /// SIGHUP; one that has a mistake then changes nothing.
  std::string keys_file = {};
};

} // namespace flamigo
