#pragma once

#include <string>
#include <string_view>

namespace flamigo::detail {

/// Where a server is.
struct remote_url {
  bool secure = false;
  /// A name or an address, without brackets.
  std::string host{};
  std::string port{};
  /// With the query.
  std::string target{};
  /// What the `Host` header says (RFC 9110, 7.2).
  std::string authority{};
};

/// Reads `wss://example.org/ws`. Throws std::invalid_argument with a sentence.
remote_url parse_remote_url(std::string_view text);

} // namespace flamigo::detail
