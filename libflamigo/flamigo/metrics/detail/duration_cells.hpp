#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "flamigo/metrics/detail/cell.hpp"

namespace flamigo::detail {

/// How often something took how long: a histogram that one thread writes. Most
/// of what a server does is in the first of its buckets, which are looked at
/// one by one.
class duration_cells {
public:
  using duration = std::chrono::nanoseconds;

  /// Up to and including which each bucket goes; one more has the rest.
  static constexpr std::array<duration, 17> bounds{
    std::chrono::microseconds{1},    std::chrono::microseconds{5},
    std::chrono::microseconds{25},   std::chrono::microseconds{100},
    std::chrono::microseconds{500},  std::chrono::milliseconds{1},
    std::chrono::microseconds{2500}, std::chrono::milliseconds{5},
    std::chrono::milliseconds{10},   std::chrono::milliseconds{25},
    std::chrono::milliseconds{50},   std::chrono::milliseconds{100},
    std::chrono::milliseconds{250},  std::chrono::milliseconds{500},
    std::chrono::seconds{1},         std::chrono::milliseconds{2500},
    std::chrono::seconds{10}};

  static constexpr std::size_t buckets = bounds.size() + 1;

  /// One that is negative counts as none: clocks of two threads may differ.
  void observe(duration time) noexcept {
    auto took = time < duration::zero() ? duration::zero() : time;
    std::size_t i = 0;
    while (i < bounds.size() && took > bounds[i])
      ++i;
    counts_[i].add(1);
    sum_.add(static_cast<std::uint64_t>(took.count()));
  }

  /// What is in this bucket, and in none before it.
  std::uint64_t count(std::size_t bucket) const noexcept {
    return counts_[bucket].get();
  }

  /// All times together, in nanoseconds.
  std::uint64_t sum() const noexcept {
    return sum_.get();
  }

private:
  std::array<cell, buckets> counts_;
  cell sum_;
};

} // namespace flamigo::detail
