#pragma once

#include <array>
#include <cstddef>

namespace flamigo::detail {

constexpr std::size_t name_size(const char* name) noexcept {
  std::size_t result = 0;
  while (name[result] != '\0')
    ++result;
  return result;
}

/// Makes `,"name":` at compile time, so that a member's name costs one append.
/// The name of a member has nothing to escape.
template <std::size_t N>
constexpr std::array<char, N + 4> member_key(const char* name) noexcept {
  std::array<char, N + 4> result{};
  result[0] = ',';
  result[1] = '"';
  for (std::size_t i = 0; i < N; ++i)
    result[i + 2] = name[i];
  result[N + 2] = '"';
  result[N + 3] = ':';
  return result;
}

} // namespace flamigo::detail
