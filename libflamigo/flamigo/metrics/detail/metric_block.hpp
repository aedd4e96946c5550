#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "flamigo/metrics/detail/cell.hpp"
#include "flamigo/metrics/detail/metric.hpp"
#include "flamigo/metrics/detail/request_cells.hpp"

namespace flamigo::detail {

/// All that one thread counts: plain cells, which others may read meanwhile.
/// Strategies have theirs when they are first called on it.
class metric_block {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// For strategies with numbers below this; there is one at least.
  explicit metric_block(std::size_t strategies);

  metric_block(const metric_block&) = delete;

  metric_block& operator=(const metric_block&) = delete;

  ~metric_block();

  // -- for its thread ---------------------------------------------------------

  void add(metric what, std::size_t place, std::uint64_t n) noexcept {
    cells_[cell_of(what, place)].add(n);
  }

  /// Of a metric without a label.
  void add(metric what, std::uint64_t n) noexcept {
    add(what, 0, n);
  }

  /// Counts this less of one that goes up and down.
  void subtract(metric what, std::size_t place, std::uint64_t n) noexcept {
    add(what, place, 0 - n);
  }

  /// The cells of the strategy with this number. Those of 0, which has all that
  /// have no number, where there is none or memory is short.
  request_cells& of(std::size_t strategy) noexcept {
    if (strategy < by_strategy_.size()) [[likely]]
      if (auto* found = by_strategy_[strategy].load(std::memory_order_relaxed))
        [[likely]]
        return *found;
    return make(strategy);
  }

  /// A request begins to run, and with it the one before has ended: so the
  /// clock is looked at once for each of them.
  void begin_request(request_cells& of, time_point now) noexcept {
    end_request(now);
    running_ = &of;
    since_ = now;
  }

  /// The one that runs, if there is one, has been answered.
  void end_request(time_point now) noexcept {
    if (running_ != nullptr)
      running_->latency.observe(now - since_);
    running_ = nullptr;
  }

  /// The one that runs is answered later.
  void leave_request() noexcept {
    running_ = nullptr;
  }

  bool has_request() const noexcept {
    return running_ != nullptr;
  }

  // -- from any thread --------------------------------------------------------

  std::uint64_t get(metric what, std::size_t place) const noexcept {
    return cells_[cell_of(what, place)].get();
  }

  /// Null if it was not called here.
  const request_cells* find(std::size_t strategy) const noexcept {
    return by_strategy_[strategy].load(std::memory_order_acquire);
  }

private:
  request_cells& make(std::size_t strategy) noexcept;

  std::array<cell, first_cells.back()> cells_;
  request_cells others_;
  /// Owned, but for the first one.
  std::vector<std::atomic<request_cells*>> by_strategy_;
  request_cells* running_ = nullptr;
  time_point since_;
};

} // namespace flamigo::detail
