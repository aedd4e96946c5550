#include "flamigo/json/detail/base64.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace flamigo::detail {

namespace {

constexpr std::uint8_t no_digit = 64;

/// The digits, and the value of each byte as one of them.
struct base64_alphabet {
  constexpr explicit base64_alphabet(std::string_view text) : digits(text) {
    for (auto& x : values)
      x = no_digit;
    for (std::size_t i = 0; i < digits.size(); ++i)
      values[static_cast<unsigned char>(digits[i])]
        = static_cast<std::uint8_t>(i);
  }

  std::string_view digits;
  std::array<std::uint8_t, 256> values{};
};

// RFC 4648, 4 and 5.
constexpr base64_alphabet base64_digits{
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"};
constexpr base64_alphabet base64url_digits{
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"};

/// Appends the digits, without padding.
void append_digits(std::string& to, std::string_view bytes,
                   const base64_alphabet& by) {
  std::uint32_t bits = 0;
  int count = 0;
  for (auto c : bytes) {
    bits = (bits << 8 | static_cast<unsigned char>(c)) & 0xffff;
    count += 8;
    for (; count >= 6; count -= 6)
      to.push_back(by.digits[bits >> (count - 6) & 63]);
  }
  if (count > 0)
    to.push_back(by.digits[bits << (6 - count) & 63]);
}

/// Reads digits without padding.
std::optional<std::string> read_digits(std::string_view text,
                                       const base64_alphabet& by) {
  if (text.size() % 4 == 1)
    return std::nullopt;
  std::string result;
  result.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  int count = 0;
  for (auto c : text) {
    auto digit = by.values[static_cast<unsigned char>(c)];
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

} // namespace

void append_base64(std::string& to, std::string_view bytes) {
  to.reserve(to.size() + (bytes.size() + 2) / 3 * 4);
  append_digits(to, bytes, base64_digits);
  to.append((3 - bytes.size() % 3) % 3, '=');
}

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0)
    return std::nullopt;
  auto padding = text.ends_with("==") ? 2u : text.ends_with("=") ? 1u : 0u;
  text.remove_suffix(padding);
  return read_digits(text, base64_digits);
}

std::string encode_base64url(std::string_view bytes) {
  std::string result;
  result.reserve((bytes.size() * 4 + 2) / 3);
  append_digits(result, bytes, base64url_digits);
  return result;
}

std::optional<std::string> decode_base64url(std::string_view text) {
  return read_digits(text, base64url_digits);
}

} // namespace flamigo::detail
