#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace flamigo::load {

inline void append_number(std::string& out, std::uint64_t x) {
  std::array<char, 20> digits;
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), x).ptr;
  out.append(digits.data(), end);
}

/// Takes a number off the beginning of `text`.
inline bool take_number(std::string_view& text, std::uint64_t& x) {
  auto [end, err] = std::from_chars(text.data(), text.data() + text.size(), x);
  if (err != std::errc{})
    return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

/// Takes `prefix` off the beginning of `text`.
inline bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix))
    return false;
  text.remove_prefix(prefix.size());
  return true;
}

} // namespace flamigo::load
