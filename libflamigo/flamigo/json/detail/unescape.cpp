#include "flamigo/json/detail/unescape.hpp"

#include <cstring>

namespace flamigo::detail {

namespace {

unsigned hex4(const char* pos) {
  unsigned result = 0;
  for (auto i = 0; i < 4; ++i) {
    auto c = static_cast<unsigned char>(pos[i]);
    // '0' is 0x30, 'A' is 0x41, 'a' is 0x61.
    result = result * 16 + (c <= '9' ? c - 0x30u : (c & 0x0Fu) + 9u);
  }
  return result;
}

void append_utf8(std::string& out, unsigned codepoint) {
  auto put = [&out](unsigned x) { out.push_back(static_cast<char>(x)); };
  if (codepoint < 0x80) {
    put(codepoint);
    return;
  }
  if (codepoint < 0x800) {
    put(0xC0u | codepoint >> 6);
  } else {
    if (codepoint < 0x10000) {
      put(0xE0u | codepoint >> 12);
    } else {
      put(0xF0u | codepoint >> 18);
      put(0x80u | (codepoint >> 12 & 0x3Fu));
    }
    put(0x80u | (codepoint >> 6 & 0x3Fu));
  }
  put(0x80u | (codepoint & 0x3Fu));
}

char simple_escape(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
  }
}

} // namespace

void append_unescaped(std::string& out, std::string_view raw) {
  auto pos = raw.data();
  auto end = pos + raw.size();
  while (pos != end) {
    auto left = static_cast<std::size_t>(end - pos);
    auto escape = static_cast<const char*>(std::memchr(pos, '\\', left));
    if (escape == nullptr) {
      out.append(pos, left);
      return;
    }
    out.append(pos, escape);
    if (escape[1] != 'u') {
      out.push_back(simple_escape(escape[1]));
      pos = escape + 2;
      continue;
    }
    auto codepoint = hex4(escape + 2);
    pos = escape + 6;
    if (codepoint >= 0xD800 && codepoint <= 0xDBFF) {
      // The other half follows as \uXXXX.
      codepoint = 0x10000 + ((codepoint - 0xD800) << 10)
                  + (hex4(pos + 2) - 0xDC00);
      pos += 6;
    }
    append_utf8(out, codepoint);
  }
}

} // namespace flamigo::detail
