#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace flamigo::detail {

/// How a frame begins, but for the key of its mask: two bytes (`frame_bits`)
/// and the length, in as few bytes as there can be (RFC 6455, 5.2).
class frame_header {
public:
  /// `mask` is `frame_bits::mask` or 0.
  frame_header(unsigned first, unsigned mask, std::uint64_t length) noexcept {
    put(first);
    auto length_bytes = length < 126 ? 0 : length <= 0xFFFF ? 2 : 8;
    put(mask | (length_bytes == 0 ? length : length_bytes == 2 ? 126 : 127));
    for (auto i = length_bytes; i > 0; --i)
      put(length >> (8 * (i - 1)) & 0xFF);
  }

  std::string_view text() const noexcept {
    return {bytes_, size_};
  }

private:
  void put(std::uint64_t byte) noexcept {
    bytes_[size_++] = static_cast<char>(byte);
  }

  char bytes_[10];
  std::size_t size_ = 0;
};

} // namespace flamigo::detail
