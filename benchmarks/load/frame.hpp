#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// What the load generator needs of RFC 6455, from the client's side. Nothing
/// here is bound to a thread.
namespace flamigo::load {

enum class opcode : std::uint8_t {
  continuation = 0x0,
  text = 0x1,
  binary = 0x2,
  close = 0x8,
  ping = 0x9,
  pong = 0xA,
};

/// A frame of a server, as it lies in the buffer that was read.
struct frame {
  opcode code = opcode::text;
  /// Whether its message ends with it.
  bool fin = true;
  std::string_view payload;
};

enum class frame_status {
  /// A frame was taken.
  complete,
  /// The rest is still to come.
  partial,
  /// No server may send this, or it is larger than `max_frame_bytes`.
  invalid,
};

/// Bytes in the payload of the largest frame that is read.
inline constexpr std::size_t max_frame_bytes = 1024 * 1024;

/// Takes the first frame off `bytes`. What is left begins after it; it is
/// unchanged unless the frame is complete.
frame_status take_frame(std::string_view& bytes, frame& out);

/// Appends a client's frame. Its mask key is zero, so that the payload goes out
/// as it is; the server unmasks it all the same.
void append_frame(std::string& out, opcode code, std::string_view payload);

} // namespace flamigo::load
