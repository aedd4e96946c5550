#pragma once

#include <chrono>
#include <cstddef>
#include <set>
#include <vector>

#include <caf/timespan.hpp>

#include "flamigo/remote/detail/remote_frame.hpp"
#include "flamigo/remote/detail/remote_listeners.hpp"
#include "flamigo/remote/detail/remote_subscription.hpp"

namespace flamigo::detail {

/// Brings events to whom they are for, each once and in order. What comes live
/// before what was missed, since the program on the server has subscribed us,
/// waits.
class remote_events {
public:
  /// How many events may wait for those before them.
  static constexpr std::size_t max_held = 10'000;

  /// How long the next of those may take.
  static constexpr caf::timespan patience = std::chrono::seconds{5};

  remote_events(remote_subscriptions& all, const remote_listeners& listeners);

  void hear(const remote_frame& frame);

  /// Events up to that offset are still to come, behind later ones.
  void open(remote_subscription& x, std::uint64_t gap);

  /// They have been asked for. The last does not come if it was sent under
  /// another channel, and nothing says so.
  void wait(remote_subscription& x);

  /// They have come, or do not count any more.
  void close(remote_subscription& x);

  /// They do not come, which is told.
  void give_up(remote_subscription& x);

  /// What waits comes again, since nobody has it yet.
  void lost();

private:
  void fill(remote_subscription& x, const remote_frame& frame);

  void give_all_up();

  void deliver(const remote_frame& frame);

  std::vector<remote_frame> held_;
  std::set<remote_subscription*> gaps_;
  remote_subscriptions& all_;
  const remote_listeners& listeners_;
};

} // namespace flamigo::detail
