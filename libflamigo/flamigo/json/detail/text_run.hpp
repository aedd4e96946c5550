#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#  include <emmintrin.h>
#endif

namespace flamigo::detail {

/// Whether a byte stands for itself in a JSON string: ASCII, no control
/// character, no quote, no backslash.
inline bool is_plain(char c) noexcept {
  return static_cast<signed char>(c) >= 0x20 && c != '"' && c != '\\';
}

/// Returns a word whose lowest set bit lies in the first byte that is not
/// plain; 0 if all are. Behind that bit it may be wrong.
constexpr std::uint64_t special_bytes(std::uint64_t bytes) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101u;
  auto quotes = bytes ^ ones * '"';
  auto slashes = bytes ^ ones * '\\';
  auto found = (bytes - ones * 0x20) | (quotes - ones) | (slashes - ones);
  return ((found & ~bytes) | bytes) & ones * 0x80;
}

/// Returns the first byte in [pos, end) that is not plain, or `end`.
inline const char* skip_plain(const char* pos, const char* end) noexcept {
#if defined(__SSE2__)
  for (; end - pos >= 16; pos += 16) {
    __m128i bytes;
    std::memcpy(&bytes, pos, sizeof(bytes));
    // As signed bytes, what is not ASCII is less than a space as well.
    auto special = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
    special = _mm_or_si128(special, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')));
    special = _mm_or_si128(special, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
    if (auto mask = static_cast<unsigned>(_mm_movemask_epi8(special)))
      return pos + std::countr_zero(mask);
  }
#endif
  if constexpr (std::endian::native == std::endian::little) {
    for (; end - pos >= 8; pos += 8) {
      std::uint64_t bytes;
      std::memcpy(&bytes, pos, sizeof(bytes));
      if (auto special = special_bytes(bytes))
        return pos + std::countr_zero(special) / 8;
    }
  }
  while (pos != end && is_plain(*pos))
    ++pos;
  return pos;
}

/// Returns the first byte in [pos, end) that is not ASCII, or `end`.
inline const char* skip_ascii(const char* pos, const char* end) noexcept {
  for (; end - pos >= 8; pos += 8) {
    std::uint64_t bytes;
    std::memcpy(&bytes, pos, sizeof(bytes));
    if ((bytes & 0x8080808080808080u) != 0)
      break;
  }
  while (pos != end && static_cast<signed char>(*pos) >= 0)
    ++pos;
  return pos;
}

/// Returns the length of the UTF-8 sequence at `pos`, which must not be `end`
/// or ASCII: 2 to 4, or 0 if it is not valid (RFC 3629, 4).
inline std::size_t utf8_length(const char* pos, const char* end) noexcept {
  auto lead = static_cast<unsigned char>(*pos);
  if (lead < 0xC2 || lead > 0xF4)
    return 0;
  std::size_t length = lead < 0xE0 ? 2u : lead < 0xF0 ? 3u : 4u;
  if (static_cast<std::size_t>(end - pos) < length)
    return 0;
  // The second byte excludes long forms, surrogates and what is past U+10FFFF.
  auto low = lead == 0xE0 ? 0xA0u : lead == 0xF0 ? 0x90u : 0x80u;
  auto high = lead == 0xED ? 0x9Fu : lead == 0xF4 ? 0x8Fu : 0xBFu;
  auto second = static_cast<unsigned char>(pos[1]);
  if (second < low || second > high)
    return 0;
  for (std::size_t i = 2; i < length; ++i)
    if ((static_cast<unsigned char>(pos[i]) & 0xC0u) != 0x80u)
      return 0;
  return length;
}

/// Returns the longest prefix of valid UTF-8 that has at most `limit` bytes.
inline std::size_t utf8_cut(const char* text, std::size_t size,
                            std::size_t limit) noexcept {
  if (size <= limit)
    return size;
  while (limit > 0
         && (static_cast<unsigned char>(text[limit]) & 0xC0u) == 0x80u)
    --limit;
  return limit;
}

} // namespace flamigo::detail
