#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>

#include "flamigo/limit/rate.hpp"

namespace flamigo::detail {

using pacer_clock = std::chrono::steady_clock;

/// Says when the next one may come, by the generic cell rate algorithm (ITU-T
/// I.371, annex A): a bucket of tokens whose state is one number, the time at
/// which it is full again. For one thread.
class pacer {
public:
  /// Takes one and returns 0, or returns how long to wait for it.
  caf::timespan take(const rate& how_often, pacer_clock::time_point now) {
    auto next = full_at_;
    auto wait = advance(next, how_often, now);
    full_at_ = next;
    return wait;
  }

  /// Whether nothing is missing.
  bool is_full(pacer_clock::time_point now) const noexcept {
    return full_at_ <= now.time_since_epoch().count();
  }

  /// What `take` makes of the time at which the bucket is full.
  static caf::timespan advance(std::int64_t& full_at, const rate& how_often,
                               pacer_clock::time_point now) noexcept {
    auto interval = std::max<std::int64_t>(
      1, how_often.per.count() / static_cast<std::int64_t>(how_often.count));
    auto burst = how_often.burst != 0 ? how_often.burst : how_often.count;
    auto at = now.time_since_epoch().count();
    auto begin = std::max(full_at, at);
    auto wait = begin - at - interval * (static_cast<std::int64_t>(burst) - 1);
    if (wait > 0)
      return caf::timespan{wait};
    full_at = begin + interval;
    return caf::timespan{0};
  }

private:
  /// In nanoseconds of the clock.
  std::int64_t full_at_ = std::numeric_limits<std::int64_t>::min();
};

/// The same for several threads.
class shared_pacer {
public:
  /// As `pacer::take`.
  caf::timespan take(const rate& how_often, pacer_clock::time_point now) {
    auto before = full_at_.load(std::memory_order_relaxed);
    for (;;) {
      auto next = before;
      auto wait = pacer::advance(next, how_often, now);
      if (wait.count() > 0
          || full_at_.compare_exchange_weak(before, next,
                                            std::memory_order_relaxed))
        return wait;
    }
  }

  /// As `pacer::is_full`.
  bool is_full(pacer_clock::time_point now) const noexcept {
    return full_at_.load(std::memory_order_relaxed)
           <= now.time_since_epoch().count();
  }

private:
  std::atomic<std::int64_t> full_at_ = std::numeric_limits<std::int64_t>::min();
};

} // namespace flamigo::detail
