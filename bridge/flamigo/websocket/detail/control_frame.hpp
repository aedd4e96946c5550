#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flamigo::detail {

/// Appends a whole control frame (`frame_bits`) of a server, which is not
/// masked (RFC 6455, 5.5). The payload has at most 125 bytes.
void append_control_frame(std::string& to, std::uint8_t opcode,
                          std::string_view payload);

} // namespace flamigo::detail
