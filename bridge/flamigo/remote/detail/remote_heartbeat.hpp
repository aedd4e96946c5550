#pragma once

#include <functional>

#include <caf/timespan.hpp>

#include "flamigo/remote/detail/remote_timers.hpp"
#include "flamigo/remote/remote_options.hpp"

namespace flamigo::detail {

/// Finds out whether the server is still there: who only listens would not know
/// that the network is gone.
class remote_heartbeat {
public:
  /// `ask` sends what is answered, if it can; `dead` hears that nothing was.
  remote_heartbeat(const remote_options& options, remote_timers& clock,
                   std::function<bool()> ask, std::function<void()> dead);

  /// Something has come.
  void heard();

  /// From now on, until `stop`.
  void start();

  void stop();

  /// Asks now.
  void probe();

private:
  void watch();

  const remote_options& options_;
  remote_timers& clock_;
  std::function<bool()> ask_;
  std::function<void()> dead_;
  remote_timer timer_{clock_};
  caf::timespan heard_at_{0};
  /// Whether nothing has come since it was asked.
  bool asks_ = false;
};

} // namespace flamigo::detail
