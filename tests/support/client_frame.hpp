#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flamigo::test {

/// First byte of a frame: one of these, and `fin` if its message ends with it
/// (RFC 6455, 5.2).
namespace opcode {

inline constexpr int continuation = 0x00;
inline constexpr int text = 0x01;
inline constexpr int close = 0x08;
inline constexpr int ping = 0x09;
inline constexpr int pong = 0x0a;

} // namespace opcode

inline constexpr int fin = 0x80;

/// RSV1: the message is compressed (RFC 7692, 6).
inline constexpr int compressed = 0x40;

/// The header of a client's frame, in the shortest form that its size has.
inline std::string frame_header(int bits, std::uint64_t size) {
  std::string result(1, static_cast<char>(bits));
  auto put = [&result](std::uint64_t x, int bytes) {
    while (bytes-- > 0)
      result.push_back(static_cast<char>(x >> (8 * bytes)));
  };
  if (size < 126) {
    put(0x80 | size, 1);
  } else if (size <= 0xFFFF) {
    put(0x80 | 126, 1);
    put(size, 2);
  } else {
    put(0x80 | 127, 1);
    put(size, 8);
  }
  // A mask that leaves the payload as it is.
  return result.append(4, '\0');
}

/// A whole frame.
inline std::string frame(int bits, std::string_view payload) {
  return frame_header(bits, payload.size()).append(payload);
}

} // namespace flamigo::test
