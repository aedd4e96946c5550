#include "frame.hpp"

namespace flamigo::load {

namespace {

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t result = 0;
  for (char c : bytes)
    result = (result << 8) | static_cast<unsigned char>(c);
  return result;
}

void append_big_endian(std::string& out, std::uint64_t x, int bytes) {
  while (bytes-- > 0)
    out.push_back(static_cast<char>(x >> (8 * bytes)));
}

} // namespace

frame_status take_frame(std::string_view& bytes, frame& out) {
  if (bytes.size() < 2)
    return frame_status::partial;
  auto first = static_cast<unsigned char>(bytes[0]);
  auto second = static_cast<unsigned char>(bytes[1]);
  // Neither an extension was offered, nor does a server mask (5.1, 5.2).
  if ((first & 0x70) != 0 || (second & 0x80) != 0)
    return frame_status::invalid;
  std::size_t header = 2;
  std::uint64_t size = second;
  if (size >= 126) {
    std::size_t extended = size == 126 ? 2 : 8;
    header += extended;
    if (bytes.size() < header)
      return frame_status::partial;
    size = big_endian(bytes.substr(2, extended));
  }
  if (size > max_frame_bytes)
    return frame_status::invalid;
  if (bytes.size() - header < size)
    return frame_status::partial;
  out.code = static_cast<opcode>(first & 0x0F);
  out.fin = (first & 0x80) != 0;
  out.payload = bytes.substr(header, size);
  bytes.remove_prefix(header + size);
  return frame_status::complete;
}

void append_frame(std::string& out, opcode code, std::string_view payload) {
  append_big_endian(out, 0x80u | static_cast<unsigned>(code), 1);
  if (payload.size() < 126) {
    append_big_endian(out, 0x80u | payload.size(), 1);
  } else if (payload.size() <= 0xFFFF) {
    append_big_endian(out, 0x80u | 126u, 1);
    append_big_endian(out, payload.size(), 2);
  } else {
    append_big_endian(out, 0x80u | 127u, 1);
    append_big_endian(out, payload.size(), 8);
  }
  out.append(4, '\0');
  out += payload;
}

} // namespace flamigo::load
