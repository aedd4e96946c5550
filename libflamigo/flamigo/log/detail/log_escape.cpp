#include "flamigo/log/detail/log_escape.hpp"

#include <cstdint>

namespace flamigo::detail {

namespace {

/// A character at the beginning of a text, or a byte that begins none.
struct glyph {
  std::uint32_t code;
  std::size_t size;
  bool valid;
};

constexpr bool is_continuation(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

// Well-formed UTF-8 as Unicode's table 3-7 has it: no overlong forms, no
// surrogates, nothing above U+10FFFF.
glyph first_glyph(std::string_view text) noexcept {
  auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80)
    return {lead, 1, true};
  std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  const auto broken = glyph{lead, 1, false};
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size)
    return broken;
  std::uint32_t code = lead & (0xffu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if (!is_continuation(text[i]))
      return broken;
    code = (code << 6) | (static_cast<unsigned char>(text[i]) & 0x3fu);
  }
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < least[size] || code > 0x10ffff
      || (code >= 0xd800 && code <= 0xdfff))
    return broken;
  return {code, size, true};
}

constexpr bool is_harmless(const glyph& x) noexcept {
  if (!x.valid || x.code < 0x20 || (x.code >= 0x7f && x.code < 0xa0))
    return false;
  // Line and paragraph separator, and what changes the direction of text.
  return x.code != 0x061c && (x.code < 0x200e || x.code > 0x200f)
         && (x.code < 0x2028 || x.code > 0x202e)
         && (x.code < 0x2066 || x.code > 0x2069);
}

void append_hex(std::string& out, std::uint32_t x, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
    out += "0123456789abcdef"[(x >> shift) & 0xf];
}

void append_harmful(std::string& out, const glyph& x) {
  if (x.code == '\n')
    out += "\\n";
  else if (x.code == '\r')
    out += "\\r";
  else if (x.code == '\t')
    out += "\\t";
  else if (!x.valid || x.code < 0x80)
    append_hex(out += "\\x", x.code, 2);
  else
    append_hex(out += "\\u", x.code, 4);
}

} // namespace

std::size_t harmless_prefix(std::string_view text) noexcept {
  std::size_t i = 0;
  while (i < text.size()) {
    auto x = first_glyph(text.substr(i));
    if (!is_harmless(x))
      break;
    i += x.size;
  }
  return i;
}

void append_escaped(std::string& out, std::string_view text) {
  for (;;) {
    auto n = harmless_prefix(text);
    out += text.substr(0, n);
    if (n == text.size())
      return;
    text.remove_prefix(n);
    auto x = first_glyph(text);
    append_harmful(out, x);
    text.remove_prefix(x.size);
  }
}

} // namespace flamigo::detail
