#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <boost/describe/class.hpp>

namespace flamigo::load {

/// Microseconds from a request to its reply, from a publish to a delivery, or
/// from the connect to the end of a connection.
struct latency_report {
  double p50 = 0;
  double p90 = 0;
  double p99 = 0;
  double p99_9 = 0;
  double max = 0;
};

BOOST_DESCRIBE_STRUCT(latency_report, (), (p50, p90, p99, p99_9, max))

/// What a run has found: the line of `--json`.
struct report {
  std::string mode;
  std::uint64_t connections = 0;
  std::uint64_t depth = 0;
  std::uint64_t publishers = 0;
  bool lockstep = false;
  /// Seconds that were measured.
  double seconds = 0;
  /// Replies, deliveries or connections within this time.
  std::uint64_t operations = 0;
  double operations_per_second = 0;
  /// CPU time an operation in microseconds, of the server's processes and of
  /// the generator.
  std::optional<double> server_cpu_us;
  std::optional<double> client_cpu_us;
  /// Resident memory of the server when the measuring ended.
  /// Of the server for the same bytes as plain events.
  std::optional<double> server_plain_cpu_us;
  /// Of the server for joining a channel in which nobody is to be seen.
  std::optional<double> server_join_cpu_us;
  /// The most messages that an observer has got in one second.
  std::optional<std::uint64_t> observer_messages;
  std::optional<std::uint64_t> server_resident_bytes;
  std::optional<double> server_bytes_per_connection;
  /// CPU time of the server in milliseconds a second, while all connections
  /// were quiet.
  std::optional<double> server_cpu_idle_ms;
  latency_report latency_us;
  /// Wrong answers, and connections that failed.
  std::uint64_t errors = 0;
  std::optional<std::string> first_error;
  /// Of the whole run: what has not come five seconds after its end, has come
  /// twice, or after what was published later.
  std::uint64_t lost = 0;
  std::uint64_t duplicated = 0;
  std::uint64_t reordered = 0;
};

BOOST_DESCRIBE_STRUCT(report, (),
                      (mode, connections, depth, publishers, lockstep, seconds,
                       operations, operations_per_second, server_cpu_us,
                       client_cpu_us, server_plain_cpu_us, server_join_cpu_us,
                       observer_messages, server_resident_bytes,
                       server_bytes_per_connection, server_cpu_idle_ms,
                       latency_us, errors, first_error, lost, duplicated,
                       reordered))

/// Whether the server did all that it was asked to.
bool is_good(const report& x);

/// Returns it for people, a line a figure.
std::string to_table(const report& x);

} // namespace flamigo::load
