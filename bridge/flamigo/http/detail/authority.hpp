#pragma once

#include <optional>
#include <string_view>

namespace flamigo::detail {

/// Host and port, as a `Host` header has them (RFC 9110, 7.2). Refers to the
/// text that it was read from.
struct authority {
  /// A name, or an address; one of IPv6 in its brackets.
  std::string_view host;
  /// 0 where none is written.
  unsigned port = 0;
};

/// Reads `example.org`, `192.0.2.1:80` or `[::1]:8080` (RFC 3986, 3.2.2 and
/// 3.2.3). The host may be empty.
std::optional<authority> parse_authority(std::string_view text) noexcept;

/// The port that is meant where none is written; 0 for a scheme that has none.
unsigned default_port(std::string_view scheme) noexcept;

/// Whether two texts are the same host: names have no case.
bool is_same_host(std::string_view x, std::string_view y) noexcept;

/// Whether a text can be an element of the option `allowed-hosts`.
bool is_allowed_host(std::string_view text) noexcept;

} // namespace flamigo::detail
