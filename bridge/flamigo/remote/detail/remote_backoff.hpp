#pragma once

#include <algorithm>
#include <functional>
#include <utility>

#include <caf/timespan.hpp>

#include "flamigo/remote/remote_options.hpp"

namespace flamigo::detail {

/// How long to wait before the next attempt: any time up to a bound that
/// doubles, so that clients which have lost the same server do not come back
/// all at once.
class remote_backoff {
public:
  /// `random` gives a number from 0 to less than 1.
  remote_backoff(const remote_options& options, std::function<double()> random)
    : options_(options), random_(std::move(random)) {
  }

  /// Attempts since it was reset.
  unsigned attempts() const noexcept {
    return attempts_;
  }

  /// `later`: at least half of the longest.
  caf::timespan next(bool later) {
    auto part = random_();
    auto before = attempts_++;
    if (later)
      return share(options_.max_delay, (1 + part) / 2);
    auto bound = options_.min_delay;
    for (; before > 0 && bound < options_.max_delay; --before)
      bound *= 2;
    return share(std::min(bound, options_.max_delay), part);
  }

  void reset() noexcept {
    attempts_ = 0;
  }

private:
  static caf::timespan share(caf::timespan of, double part) {
    return caf::timespan{
      static_cast<caf::timespan::rep>(static_cast<double>(of.count()) * part)};
  }

  const remote_options& options_;
  std::function<double()> random_;
  unsigned attempts_ = 0;
};

} // namespace flamigo::detail
