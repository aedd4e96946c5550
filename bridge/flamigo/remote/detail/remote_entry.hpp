#pragma once

#include <chrono>
#include <functional>
#include <string>

#include <caf/error.hpp>
#include <caf/timespan.hpp>

#include "flamigo/remote/detail/remote_calls.hpp"
#include "flamigo/remote/detail/remote_events.hpp"

namespace flamigo::detail {

/// Asks the server to let us into channels, and hears what it answers.
class remote_entry {
public:
  /// How often what is too much is asked for.
  static constexpr int max_tries = 5;

  /// How long to wait for that, and up to twice as long.
  static constexpr caf::timespan pause = std::chrono::seconds{1};

  using end_function
    = std::function<void(const std::string& topic, const caf::error& why)>;

  /// `end` hears of a channel that we may not be in.
  remote_entry(const remote_options& options, std::function<double()> random,
               remote_calls& calls, remote_events& events, end_function end);

  /// From where we are, in place of what was asked before.
  void ask(const subscription_ptr& x);

  /// What is asked is not wanted any more.
  void forget(remote_subscription& x);

  /// Whether the server may have us in it.
  bool is_known(const remote_subscription& x) const;

private:
  void entered(remote_subscription& x, const std::string& answer);

  void refused(const subscription_ptr& x, const caf::error& why);

  void ask_later(const subscription_ptr& x, const caf::error& why);

  const remote_options& options_;
  std::function<double()> random_;
  remote_calls& calls_;
  remote_events& events_;
  end_function end_;
};

} // namespace flamigo::detail
