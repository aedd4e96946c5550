#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <caf/actor_clock.hpp>
#include <caf/message_id.hpp>

#include "flamigo/client/detail/request_meter.hpp"
#include "flamigo/strategy/strategy.hpp"
#include "flamigo/tracing/detail/span.hpp"

namespace flamigo {

/// One request that a connection actor has not answered yet.
///
/// @private
struct pending_request {
  /// Of the CAF response that answers it.
  caf::message_id id;
  strategy_ptr what;
  /// The raw JSON token, empty when the client wants no reply.
  std::string ack_id;
  caf::actor_clock::time_point deadline;
  /// By which it is cancelled; null if nothing goes on for it.
  std::shared_ptr<detail::call_state> call = nullptr;
  /// Whether it only holds its place, until it ends.
  bool answered = false;
  /// When it began to run.
  caf::actor_clock::time_point since = {};
  /// The step of a trace that it is; null as a rule.
  detail::span_ptr span = nullptr;
};

/// The requests in flight of one connection. There are few (64 by default) and
/// they mostly leave in the order in which they came, so this is a vector.
///
/// @private
class in_flight {
public:
  explicit in_flight(detail::request_meter meter
                     = detail::request_meter{nullptr}) noexcept
    : meter_(meter) {
  }

  std::size_t size() const noexcept {
    return list_.size();
  }

  bool empty() const noexcept {
    return list_.empty();
  }

  void clear() noexcept {
    meter_.subtract(detail::metric::requests_in_flight, list_.size());
    list_.clear();
  }

  void add(pending_request what) {
    list_.push_back(std::move(what));
    meter_.add(detail::metric::requests_in_flight, 0, 1);
  }

  /// Moves the request with this id out; false when there is none.
  bool take(caf::message_id id, pending_request& result) {
    return take_if(result, [id](auto& x) { return x.id == id; });
  }

  /// Moves the first request out for which `f` says so.
  template <class F>
  bool take_if(pending_request& result, F f) {
    auto i = std::find_if(list_.begin(), list_.end(), f);
    if (i == list_.end())
      return false;
    result = std::move(*i);
    list_.erase(i);
    meter_.subtract(detail::metric::requests_in_flight, 1);
    return true;
  }

  /// Moves a request out whose deadline is not later than `now`.
  bool take_expired(caf::actor_clock::time_point now, pending_request& result) {
    return take_if(result, [now](auto& x) { return x.deadline <= now; });
  }

  /// Whether one of them has a deadline.
  bool expires() const {
    return !empty() && next_deadline() != caf::actor_clock::time_point::max();
  }

  /// The earliest deadline; must not be empty.
  caf::actor_clock::time_point next_deadline() const {
    return std::min_element(list_.begin(), list_.end(),
                            [](auto& x, auto& y) {
                              return x.deadline < y.deadline;
                            })
      ->deadline;
  }

private:
  detail::request_meter meter_;
  std::vector<pending_request> list_;
};

} // namespace flamigo
