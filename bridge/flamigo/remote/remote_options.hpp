#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <caf/timespan.hpp>

#include "flamigo/remote/remote_joined.hpp"
#include "flamigo/remote/remote_state.hpp"
#include "flamigo/remote/remote_token.hpp"

namespace flamigo {

/// How to speak to a server. Functions run on the connection's thread.
struct remote_options {
  /// `wss://example.org/ws`, or `ws://` without TLS.
  std::string url{};

  /// Gives a token that is good now. Asked before each connection, and before
  /// the last one ends. While it blocks, so does the connection. Without it,
  /// and with an empty token, one is a guest.
  std::function<caf::expected<remote_token>()> token{};

  /// Hears what the connection does.
  std::function<void(const remote_state&)> on_state{};

  /// Hears each time that one is in a channel, also in those that the program
  /// on the server subscribes one to. Other than `remote_channel::on_joined` it
  /// hears of all of them.
  std::function<void(const remote_joined&)> on_joined{};

  /// Hears that one is in a channel no more, and why, of all of them.
  std::function<void(const std::string& topic, const caf::error&)> on_left{};

  /// Hears errors of the server that answer no call.
  std::function<void(const caf::error&)> on_error{};

  /// How long a call may take where it does not say, the wait for a connection
  /// included.
  caf::timespan timeout = std::chrono::seconds{15};

  /// How many calls and streams may wait for an answer at once.
  std::size_t max_in_flight = 48;

  /// How many more may wait for their turn, or for a connection. One more fails
  /// at once, with the code `queue_full`.
  std::size_t max_waiting = 1000;

  /// What the first wait before another attempt is at most. Each is any time up
  /// to a bound, which doubles.
  caf::timespan min_delay = std::chrono::milliseconds{500};

  /// What that bound is at most.
  caf::timespan max_delay = std::chrono::seconds{20};

  /// How long a socket may take to open, with TLS and the upgrade.
  caf::timespan connect_timeout = std::chrono::seconds{10};

  /// After what silence the server is asked whether it is there; 0 never.
  caf::timespan heartbeat = std::chrono::seconds{30};

  /// How long that answer may take.
  caf::timespan patience = std::chrono::seconds{10};

  /// The largest message that is taken from the server, in bytes. A larger one
  /// ends the connection.
  std::size_t max_message_bytes = 16'777'216;

  /// File in PEM of the authorities whose certificates are trusted; empty for
  /// those that the system trusts.
  std::string ca_file{};

  /// The first segment of the framework's strategies.
  std::string name_space = "app";
};

} // namespace flamigo
