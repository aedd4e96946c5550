#include "flamigo/tracing/detail/trace_random.hpp"

#include <array>
#include <random>

#include <sys/random.h>

namespace flamigo::detail {

namespace {

std::mt19937_64 make_generator() {
  std::array<std::uint32_t, 8> seed{};
  // Up to 256 bytes are given whole, at once. Without a random source the
  // addresses of this thread are what makes it differ from others.
  if (::getrandom(seed.data(), sizeof(seed), 0) < 0)
    seed[0] = static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(&seed)
                                         >> 4);
  std::seed_seq all(seed.begin(), seed.end());
  return std::mt19937_64{all};
}

} // namespace

std::uint64_t trace_bits() {
  thread_local auto generator = make_generator();
  return generator();
}

} // namespace flamigo::detail
