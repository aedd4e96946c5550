#include "flamigo/actors/detail/base64url.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace flamigo::detail {

namespace {

constexpr std::uint8_t no_digit = 64;

// The value of each byte as a digit (RFC 4648, 5).
constexpr auto digits = [] {
  std::array<std::uint8_t, 256> result{};
  result.fill(no_digit);
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                        "abcdefghijklmnopqrstuvwxyz"
                                        "0123456789-_";
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

} // namespace flamigo::detail
