#include "flamigo/websocket/detail/control_frame.hpp"

#include "flamigo/websocket/detail/frame_bits.hpp"

namespace flamigo::detail {

void append_control_frame(std::string& to, std::uint8_t opcode,
                          std::string_view payload) {
  to.push_back(static_cast<char>(frame_bits::fin | opcode));
  to.push_back(static_cast<char>(payload.size()));
  to.append(payload);
}

} // namespace flamigo::detail
