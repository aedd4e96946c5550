#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace flamigo::detail {

/// Appends a whole frame (`frame_bits`) of a server, which is not masked
/// (RFC 6455, 5.1 and 5.2). Of a control frame the payload has at most 125
/// bytes. If memory runs short it throws, and nothing was appended.
void append_frame(std::string& to, std::uint8_t opcode,
                  std::string_view payload);

/// The same with a payload in parts.
void append_frame(std::string& to, std::uint8_t opcode,
                  std::initializer_list<std::string_view> parts);

} // namespace flamigo::detail
