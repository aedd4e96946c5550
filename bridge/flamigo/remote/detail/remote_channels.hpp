#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "flamigo/remote/detail/remote_entry.hpp"
#include "flamigo/remote/remote_join_options.hpp"

namespace flamigo::detail {

/// The channels of a client, over all its connections.
class remote_channels {
public:
  /// How many channels of the program on the server are remembered.
  static constexpr std::size_t max_foreign = 1000;

  remote_channels(const remote_options& options, remote_timers& clock,
                  std::function<double()> random, remote_calls& calls,
                  const remote_listeners& listeners);

  /// Enters it, and comes back to it, until `leave`.
  void join(const std::string& topic, const std::shared_ptr<remote_use>& who,
            std::optional<std::string> input,
            const remote_join_options& options);

  /// Ends this use; with the last one, the server is told.
  void leave(const std::string& topic, const std::shared_ptr<remote_use>& who);

  /// A message that answers nothing.
  void hear(const remote_frame& frame);

  /// Each is entered again from where one was, when there is a connection.
  void lost();

  /// There will be no other connection.
  void close(const caf::error& why);

private:
  /// The server says where we are: mostly its program has subscribed us.
  void placed(const std::string& payload);

  void present(const std::string& payload);

  void unsubscribe(const std::string& topic);

  void end(const std::string& topic, const caf::error& why);

  void remove(const subscription_ptr& x);

  /// Makes it where there is none.
  subscription_ptr get(const std::string& topic);

  const remote_options& options_;
  remote_timers& clock_;
  remote_calls& calls_;
  remote_subscriptions all_;
  remote_events events_;
  remote_entry entry_;
};

} // namespace flamigo::detail
