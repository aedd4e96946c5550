#include "flamigo/websocket/detail/frame_cutter.hpp"

#include <limits>

namespace flamigo::detail {

namespace {

constexpr auto max_size = std::numeric_limits<std::uint64_t>::max();

std::uint8_t byte_at(std::span<const char> bytes, std::size_t pos) {
  return static_cast<std::uint8_t>(bytes[pos]);
}

} // namespace

std::uint64_t frame_cutter::size(std::span<const char> bytes) {
  if (size_ != 0)
    return size_;
  if (bytes.size() < 2)
    return 0;
  auto first = byte_at(bytes, 0);
  auto second = byte_at(bytes, 1);
  std::uint64_t payload = second & frame_bits::length;
  std::size_t length_bytes = payload == 126 ? 2 : payload == 127 ? 8 : 0;
  auto header = 2 + length_bytes
                + ((second & frame_bits::mask) != 0 ? frame_bits::mask_key_bytes
                                                    : 0);
  if (bytes.size() < 2 + length_bytes)
    return 0;
  if (length_bytes > 0) {
    payload = 0;
    for (std::size_t i = 0; i < length_bytes; ++i)
      payload = payload << 8 | byte_at(bytes, 2 + i);
  }
  refused_ = false;
  if (is_control(bytes)) {
    // Whoever reads the header rejects a control frame that is too long; its
    // payload must not be waited for.
    if (payload > frame_bits::max_control_payload)
      payload = 0;
  } else {
    count(first, payload);
  }
  // A sum that overflows would end the frame early, or never if it is 0.
  size_ = payload > max_size - header ? max_size : header + payload;
  return size_;
}

void frame_cutter::count(std::uint8_t first, std::uint64_t payload) {
  if ((first & frame_bits::opcode) != frame_bits::continuation)
    message_ = 0;
  // Written so that no sum can overflow; once over the limit, it stays there.
  if (payload > max_message_ || message_ > max_message_ - payload) {
    message_ = max_message_ + std::uint64_t{1};
    refused_ = true;
  } else {
    message_ += payload;
  }
}

} // namespace flamigo::detail
