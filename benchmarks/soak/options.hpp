#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace flamigo::soak {

/// What the command line asks for.
struct options {
  /// The program to torment; by default the one that lies beside this one.
  std::string server;
  /// Its I/O threads.
  unsigned threads = 2;
  double seconds = 60;
  /// How often in that time the server is started and ended.
  unsigned lives = 2;
  /// Connections that come and go all the time.
  std::size_t connections = 100;
  std::uint64_t seed = 1;
  /// MiB that the server may need more at the end of its life than at its
  /// beginning, and meanwhile.
  std::size_t kept_memory = 16;
  std::size_t peak_memory = 48;
  /// Torments to choose from; all if empty.
  std::set<std::string> only;
};

/// Reads the command line. If the program has nothing more to do, because of
/// `--help` or of an error, returns nothing, and `status` to exit with; what
/// had to be said has been printed.
std::optional<options> read_options(int argc, char** argv, int& status);

} // namespace flamigo::soak
