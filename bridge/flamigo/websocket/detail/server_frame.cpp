#include "flamigo/websocket/detail/server_frame.hpp"

#include <cstddef>

#include "flamigo/websocket/detail/frame_bits.hpp"

namespace flamigo::detail {

void append_frame(std::string& to, std::uint8_t opcode,
                  std::string_view payload) {
  constexpr std::size_t max_header = 10;
  char header[max_header];
  std::size_t size = 0;
  auto put = [&](std::uint64_t value) {
    header[size++] = static_cast<char>(value);
  };
  put(std::uint64_t{frame_bits::fin} | opcode);
  auto length = std::uint64_t{payload.size()};
  auto length_bytes = length < 126 ? 0 : length <= 0xFFFF ? 2 : 8;
  put(length_bytes == 0 ? length : length_bytes == 2 ? 126 : 127);
  for (auto i = length_bytes; i > 0; --i)
    put(length >> (8 * (i - 1)) & 0xFF);
  to.append(header, size);
  to.append(payload);
}

} // namespace flamigo::detail
