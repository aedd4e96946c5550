#pragma once

#include <cstddef>

#include <caf/actor_clock.hpp>

#include "flamigo/metrics/metric_registry.hpp"
#include "flamigo/strategy/strategy.hpp"

namespace flamigo::detail {

/// Counts what a connection actor does, where somebody wants to know: without a
/// registry each call is a branch.
class request_meter {
public:
  using time_point = caf::actor_clock::time_point;

  explicit request_meter(metric_registry* to) noexcept : to_(to) {
  }

  // -- requests ---------------------------------------------------------------

  /// One begins to run, and will be answered before the next one begins unless
  /// it is `left`.
  void began(const strategy& what, time_point now) const noexcept {
    if (to_ != nullptr) [[unlikely]] {
      auto& block = to_->here();
      block.begin_request(block.of(what.number()), now);
    }
  }

  /// It is answered later, if ever.
  void left() const noexcept {
    if (to_ != nullptr) [[unlikely]]
      to_->here().leave_request();
  }

  /// One has succeeded.
  void succeeded(const strategy& what) const noexcept {
    if (to_ != nullptr) [[unlikely]]
      count(what.number(), ok_place);
  }

  /// The same with an error; of one of no strategy `what` is null.
  void failed(const strategy* what, int status) const noexcept {
    if (to_ != nullptr) [[unlikely]]
      count(what != nullptr ? what->number() : 0, status_place(status));
  }

  /// How long one took that was `left`.
  void took(const strategy& what, time_point since,
            time_point now) const noexcept {
    if (to_ != nullptr) [[unlikely]]
      to_->here().of(what.number()).latency.observe(now - since);
  }

  // -- what else there is -----------------------------------------------------

  void add(metric what, std::size_t place, std::size_t n) const noexcept {
    if (to_ != nullptr) [[unlikely]]
      to_->here().add(what, place, n);
  }

  void subtract(metric what, std::size_t n) const noexcept {
    if (to_ != nullptr) [[unlikely]]
      to_->here().subtract(what, 0, n);
  }

  explicit operator bool() const noexcept {
    return to_ != nullptr;
  }

private:
  void count(std::size_t strategy, std::size_t place) const noexcept {
    to_->here().of(strategy).by_status[place].add(1);
  }

  metric_registry* to_;
};

} // namespace flamigo::detail
