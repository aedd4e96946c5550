#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace flamigo::detail {

/// How clients read an epoch.
inline std::string to_epoch_text(std::uint64_t epoch) {
  char text[16];
  auto end = std::to_chars(text, text + sizeof(text), epoch, 16).ptr;
  return {text, end};
}

/// Reads it. 0, which is no epoch, for any other text.
inline std::uint64_t epoch_of(std::string_view text) noexcept {
  std::uint64_t result = 0;
  auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(),
                                   result, 16);
  return ec == std::errc{} && end == text.data() + text.size() ? result : 0;
}

} // namespace flamigo::detail
