#pragma once

#include <optional>
#include <string_view>

namespace flamigo::detail {

/// Where a page comes from (RFC 6454, 4). Refers to the texts that it was read
/// from.
struct origin {
  /// In lower case.
  std::string_view scheme;
  std::string_view host;
  /// The scheme's own where none is written; 0 if it has none.
  unsigned port = 0;
};

/// Reads the value of an `Origin` header; nothing for `null`, which is no
/// origin.
std::optional<origin> parse_origin(std::string_view text) noexcept;

/// Whether two of them are the same (RFC 6454, 5).
bool is_same_origin(const origin& x, const origin& y) noexcept;

/// Whether a text is an origin as browsers send it (RFC 6454, 6.2), or `*`.
bool is_allowed_origin(std::string_view text) noexcept;

} // namespace flamigo::detail
