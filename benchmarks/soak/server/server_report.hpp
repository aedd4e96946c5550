#pragma once

#include <cstdint>

#include <boost/describe/class.hpp>

namespace flamigo::soak {

/// What the server says of itself: the body of `/report`, and the last line of
/// its standard output.
struct server_report {
  /// Events of the kinds that come once for every connection.
  std::uint64_t connected = 0;
  std::uint64_t disconnected = 0;
  /// Connections whose end was not told yet.
  std::uint64_t open = 0;
  /// A beginning that was told again, an end that was told again or without a
  /// beginning.
  std::uint64_t twice = 0;
  /// What the roster counts.
  std::uint64_t in_roster = 0;
  /// Numbered events that a domain actor heard, and those of them that were not
  /// the next one of their publisher.
  std::uint64_t heard = 0;
  std::uint64_t out_of_order = 0;
  /// How many the program's thread and the domain actor have published.
  std::uint64_t thread_published = 0;
  std::uint64_t desk_published = 0;
  /// Whether the thread publishes.
  bool publishing = false;
};

BOOST_DESCRIBE_STRUCT(server_report, (),
                      (connected, disconnected, open, twice, in_roster, heard,
                       out_of_order, thread_published, desk_published,
                       publishing))

} // namespace flamigo::soak
