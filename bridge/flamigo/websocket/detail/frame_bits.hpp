#pragma once

#include <cstddef>
#include <cstdint>

/// The first bytes of a WebSocket frame (RFC 6455, 5.2).
namespace flamigo::detail::frame_bits {

// -- first byte ---------------------------------------------------------------

constexpr std::uint8_t fin = 0x80;
/// RSV1 to RSV3; the first one says that a message is compressed (RFC 7692, 6).
constexpr std::uint8_t reserved = 0x70;
constexpr std::uint8_t compressed = 0x40;
constexpr std::uint8_t opcode = 0x0f;
constexpr std::uint8_t continuation = 0x0;
constexpr std::uint8_t text = 0x1;
constexpr std::uint8_t binary = 0x2;
/// From here on they are control frames.
constexpr std::uint8_t close = 0x8;
constexpr std::uint8_t ping = 0x9;
constexpr std::uint8_t pong = 0xa;

// -- second byte --------------------------------------------------------------

constexpr std::uint8_t mask = 0x80;
constexpr std::uint8_t length = 0x7f;

constexpr std::size_t mask_key_bytes = 4;
/// RFC 6455, 5.5
constexpr std::size_t max_control_payload = 125;

} // namespace flamigo::detail::frame_bits
