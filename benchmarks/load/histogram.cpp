#include "histogram.hpp"

#include <algorithm>
#include <cmath>

namespace flamigo::load {

void histogram::record(std::chrono::nanoseconds duration) {
  auto ns = std::max<std::int64_t>(duration.count(), 0);
  ++buckets_[index(static_cast<std::uint64_t>(ns))];
  ++count_;
  max_ = std::max(max_, ns);
}

std::chrono::nanoseconds histogram::quantile(double share) const {
  auto wanted = static_cast<std::uint64_t>(
    std::ceil(share * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= wanted && seen > 0)
      return std::min(std::chrono::nanoseconds{middle(i)}, max());
  }
  return max();
}

std::size_t histogram::index(std::uint64_t ns) {
  // The leading bits of a number, and how many it has beyond them.
  auto shift = std::max(static_cast<int>(std::bit_width(ns)) - step_bits - 1,
                        0);
  return static_cast<std::size_t>(shift) * steps
         + static_cast<std::size_t>(ns >> shift);
}

std::uint64_t histogram::middle(std::size_t index) {
  if (index < 2 * steps)
    return index;
  auto shift = index / steps - 1;
  std::uint64_t low = index % steps + steps;
  return (low << shift) + (std::uint64_t{1} << shift) / 2;
}

} // namespace flamigo::load
