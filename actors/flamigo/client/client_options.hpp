#pragma once

#include <chrono>
#include <cstddef>

#include <caf/timespan.hpp>

namespace flamigo {

/// The limits of one connection's conversation. Read once, when the server
/// starts.
struct client_options {
  /// Requests of one connection that wait for their answer at the same time.
  /// One more is answered with 429 at once.
  std::size_t max_in_flight = 64;

  /// Requests in a row that may be answered with 429 before the connection is
  /// closed with 3013; of those that come too often, within a minute.
  std::size_t max_refused = 1'000;

  /// Messages of one connection a second; one that comes earlier is answered
  /// with 429 and when to try again. 0 is no limit.
  std::size_t message_rate = 0;

  /// How many of them may come at once; 0 means those of a second.
  std::size_t message_burst = 0;

  /// The same for all connections of a user together.
  std::size_t user_message_rate = 0;

  /// How many of these may come at once; 0 means those of a second.
  std::size_t user_message_burst = 0;

  /// Connections that a user may have at the same time; who becomes that user
  /// by one more is answered with 429. 0 is no limit.
  std::size_t max_connections_per_user = 0;

  /// Patterns that a client is subscribed to, and strategies that it has of its
  /// own, each. One more is refused with 429.
  std::size_t max_subscriptions = 128;

  /// Messages of other threads and actors (events, what is sent to the client)
  /// that wait for the connection's actor. One more closes the connection with
  /// 3008: whoever falls behind must not cost memory without end.
  std::size_t max_queued = 10'000;

  /// How long a strategy may take. Then the request is answered with 504, and
  /// what the strategy says later is dropped.
  caf::timespan request_timeout = std::chrono::seconds{10};

  /// Malformed messages in a row after which the connection is closed with
  /// 3501. Each of them is answered with 400.
  std::size_t max_malformed = 5;

  /// Whether errors tell the client their trace, which names strategies and
  /// causes. For development: a server that strangers reach keeps it off, and
  /// finds the traces in its log.
  bool expose_traces = false;
};

} // namespace flamigo
