#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "flamigo/websocket/detail/frame_bits.hpp"

namespace flamigo::detail {

/// Takes the mask off a client's payload (RFC 6455, 5.3). `key` has four bytes;
/// `to` has room for all of `masked` and does not overlap with it.
inline void unmask(std::string_view masked, const char* key,
                   char* to) noexcept {
  std::uint32_t half;
  std::memcpy(&half, key, sizeof(half));
  auto whole = std::uint64_t{half} << 32 | half;
  auto from = masked.data();
  auto left = masked.size();
  for (; left >= sizeof(whole); left -= sizeof(whole)) {
    std::uint64_t bytes;
    std::memcpy(&bytes, from, sizeof(bytes));
    bytes ^= whole;
    std::memcpy(to, &bytes, sizeof(bytes));
    from += sizeof(bytes);
    to += sizeof(bytes);
  }
  for (std::size_t i = 0; i < left; ++i)
    to[i] = static_cast<char>(from[i] ^ key[i % frame_bits::mask_key_bytes]);
}

} // namespace flamigo::detail
