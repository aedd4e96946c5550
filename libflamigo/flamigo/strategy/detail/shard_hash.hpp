#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace flamigo::detail {

/// Spreads the bits of a number, so that numbers in a row go to all shards.
constexpr std::uint64_t mixed(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// The same in every run and on every machine, for what is kept shard by shard.
constexpr std::uint64_t shard_hash(std::string_view key) noexcept {
  // FNV-1a.
  std::uint64_t result = 0xcbf29ce484222325;
  for (auto c : key)
    result = (result ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return mixed(result);
}

template <class K>
  requires(std::is_integral_v<K> || std::is_enum_v<K>)
constexpr std::uint64_t shard_hash(K key) noexcept {
  return mixed(static_cast<std::uint64_t>(key));
}

} // namespace flamigo::detail
