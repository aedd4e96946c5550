#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <utility>

#include <caf/expected.hpp>
#include <caf/timespan.hpp>

#include "flamigo/remote/detail/remote_timers.hpp"

namespace flamigo::detail {

/// What a request is, and who waits for its answer.
struct remote_request {
  std::string topic{};
  /// What is sent, as it is then.
  std::function<std::string()> payload{};
  caf::timespan timeout{0};
  /// The result, or why there is none. Called once, unless it is dropped.
  std::function<void(caf::expected<std::string>)> done{};
  /// Items of an answer in parts.
  std::function<void(const std::string&)> part{};
  /// It is sent again if its answer is lost.
  bool idempotent = false;
  /// Its time is that of the answer, and not of the wait for a connection.
  bool patient = false;
};

/// Requests of one kind: so many at once, the others in line.
struct remote_lane {
  std::size_t limit;
  std::size_t in_flight = 0;
  /// In the order in which they were made.
  std::set<std::uint64_t> waiting{};
};

/// A request from when it is made until it is answered.
struct remote_pending {
  remote_pending(remote_request what_, remote_lane* lane_, remote_timers& clock)
    : what(std::move(what_)), lane(lane_), timer(clock) {
  }

  /// Whether the server may have done it, now or before.
  bool may_have_run() const noexcept {
    return maybe || size > 0;
  }

  remote_request what;
  /// Null for one that goes past whatever waits.
  remote_lane* lane;
  /// Of its message, while that is sent and not answered; else 0.
  std::size_t size = 0;
  /// Whether the server may have done it before.
  bool maybe = false;
  remote_timer timer;
};

} // namespace flamigo::detail
