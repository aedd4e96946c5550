#pragma once

#include <cstdint>
#include <random>

namespace flamigo::test {

/// Numbers that a seed decides, everywhere the same.
class chance {
public:
  explicit chance(std::uint64_t seed) : bits_(seed) {
  }

  /// From 0 to less than `bound`.
  int operator()(int bound) {
    return static_cast<int>(bits_() % static_cast<std::uint64_t>(bound));
  }

private:
  std::mt19937_64 bits_;
};

} // namespace flamigo::test
