#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace flamigo::detail {

/// A part of a file.
struct byte_range {
  std::uint64_t first = 0;
  std::uint64_t size = 0;

  bool operator==(const byte_range&) const = default;
};

/// What a header `Range` asks for of so many bytes (RFC 9110, 14.1.2): nothing
/// where it is to be ignored, as where it asks for several parts, and a range
/// without bytes where the file has none of it, which is 416.
std::optional<byte_range> parse_range(std::string_view header,
                                      std::uint64_t bytes) noexcept;

} // namespace flamigo::detail
