#include "flamigo/websocket/detail/server_frame.hpp"

#include <algorithm>

#include "flamigo/websocket/detail/frame_bits.hpp"
#include "flamigo/websocket/detail/frame_header.hpp"

namespace flamigo::detail {

void append_frame(std::string& to, std::uint8_t opcode,
                  std::string_view payload) {
  frame_header header{frame_bits::fin | unsigned{opcode}, 0, payload.size()};
  auto before = to.size();
  to.append(header.text());
  try {
    to.append(payload);
  } catch (...) {
    // Or else the next frame would be taken for its payload.
    to.resize(before);
    throw;
  }
}

void append_frame(std::string& to, std::uint8_t opcode,
                  std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (auto x : parts)
    size += x.size();
  frame_header header{frame_bits::fin | unsigned{opcode}, 0, size};
  // Grows as it would by itself: exactly would be anew for each frame.
  auto whole = to.size() + header.text().size() + size;
  if (whole > to.capacity())
    to.reserve(std::max(whole, 2 * to.capacity()));
  to.append(header.text());
  for (auto x : parts)
    to.append(x);
}

} // namespace flamigo::detail
