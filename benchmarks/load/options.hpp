#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace flamigo::load {

/// What the command line asks for.
struct options {
  /// Name of the subcommand.
  std::string mode;
  /// An IPv4 address.
  std::string host = "127.0.0.1";
  int port = 8080;
  std::string path = "/ws";
  /// The strategy to call; empty for the echo.
  std::string topic;
  /// Its payload, as JSON.
  std::string payload = "null";
  bool tls = false;
  /// PEM file with the authorities that the certificate may be of; empty for
  /// any.
  std::string tls_ca;
  /// Whether connections that come back go on with their sessions.
  bool tls_resume = false;
  /// Shown when connecting, in turn; without any, nothing is shown.
  std::vector<std::string> tokens;
  std::size_t connections = 64;
  /// Requests, or publishes, in flight of a connection.
  std::size_t depth = 1;
  /// Connections beside those, which publish.
  std::size_t publishers = 0;
  /// Connections beside those, which see who joins.
  std::size_t observers = 0;
  /// Whether those who join see it as well.
  bool everybody = false;
  /// What each connection has missed when it comes back.
  std::size_t events = 100;
  /// The next publish only when all have heard the last.
  bool lockstep = false;
  /// All times are in seconds.
  double seconds = 2;
  double warmup = 0.5;
  double settle = 2;
  /// Processes of the server; without any, nothing is said of its usage.
  std::vector<pid_t> pids;
  /// Processor to stay on.
  std::optional<int> cpu;
  bool json = false;
};

/// Reads the command line. If the program has nothing more to do, because of
/// `--help` or of an error, returns nothing, and `status` to exit with; what
/// had to be said has been printed.
std::optional<options> read_options(int argc, char** argv, int& status);

} // namespace flamigo::load
