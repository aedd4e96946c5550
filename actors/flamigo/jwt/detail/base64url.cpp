#include "flamigo/jwt/detail/base64url.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace flamigo::detail {

namespace {

// RFC 4648, 5.
constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "abcdefghijklmnopqrstuvwxyz"
                                      "0123456789-_";

constexpr std::uint8_t no_digit = 64;

// The value of each byte as a digit.
constexpr auto digits = [] {
  std::array<std::uint8_t, 256> result{};
  result.fill(no_digit);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    result[static_cast<unsigned char>(alphabet[i])]
      = static_cast<std::uint8_t>(i);
  return result;
}();

} // namespace

std::optional<std::string> decode_base64url(std::string_view text) {
  if (text.size() % 4 == 1)
    return std::nullopt;
  std::string result;
  result.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  int count = 0;
  for (auto c : text) {
    auto digit = digits[static_cast<unsigned char>(c)];
    if (digit == no_digit)
      return std::nullopt;
    bits = bits << 6 | digit;
    count += 6;
    if (count >= 8) {
      count -= 8;
      result.push_back(static_cast<char>(bits >> count));
      bits &= (1u << count) - 1;
    }
  }
  if (bits != 0)
    return std::nullopt;
  return result;
}

std::string encode_base64url(std::string_view bytes) {
  std::string result;
  result.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t bits = 0;
  int count = 0;
  for (auto c : bytes) {
    bits = (bits << 8 | static_cast<unsigned char>(c)) & 0xffff;
    count += 8;
    for (; count >= 6; count -= 6)
      result.push_back(alphabet[bits >> (count - 6) & 63]);
  }
  if (count > 0)
    result.push_back(alphabet[bits << (6 - count) & 63]);
  return result;
}

} // namespace flamigo::detail
