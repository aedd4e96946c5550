#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "flamigo/websocket/detail/frame_bits.hpp"

namespace flamigo::detail {

/// Finds the ends of a client's frames in a stream of bytes (RFC 6455, 5.2), so
/// that they can be handed on whole and one by one, and refuses messages that
/// are too large before they are buffered. Pure: no I/O, no memory.
class frame_cutter {
public:
  explicit frame_cutter(std::size_t max_message_bytes)
    : max_message_(max_message_bytes) {
  }

  std::size_t max_message_bytes() const noexcept {
    return max_message_;
  }

  /// Looks at the beginning of a frame. Returns the size of the whole frame
  /// with its header, or 0 as long as the header is not complete. Ask again
  /// with the same bytes and more; once the size is known it stays the same
  /// until `next`.
  std::uint64_t size(std::span<const char> bytes);

  /// Whether the frame whose size is known belongs to a message over the limit.
  /// Its bytes must be dropped.
  bool refused() const noexcept {
    return refused_;
  }

  /// Whether these bytes begin a control frame (RFC 6455, 5.5).
  static bool is_control(std::span<const char> bytes) noexcept {
    return (static_cast<std::uint8_t>(bytes[0]) & frame_bits::close) != 0;
  }

  /// Goes on to the next frame.
  void next() noexcept {
    size_ = 0;
  }

private:
  void count(std::uint8_t first, std::uint64_t payload);

  std::size_t max_message_;
  /// Of the current frame; 0 while it is not known.
  std::uint64_t size_ = 0;
  /// Payload of the current message so far, over its fragments.
  std::uint64_t message_ = 0;
  bool refused_ = false;
};

} // namespace flamigo::detail
