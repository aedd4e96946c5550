#include "flamigo/websocket/detail/server_frame.hpp"

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

} // namespace flamigo::detail
