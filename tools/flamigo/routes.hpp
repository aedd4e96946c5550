#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "project.hpp"

namespace flamigo::tool {

/// What is wanted of a project's strategies; nothing is a list of them.
struct routes_options {
  /// What this one may call: `guest`, `user` or `user:PERMISSION,...`.
  std::optional<std::string> as{};
  /// The file with which it is compared who may call what.
  std::optional<std::string> matrix{};
  /// Whether that file is written instead.
  bool write = false;
};

/// Builds a project in its folder `build`, and prints what its program says of
/// its strategies. Returns the status to exit with: 1 where the file says
/// something else. Throws `failure` for an option that is empty, and, with what
/// the compiler or the program said, if it cannot be built or does not start.
int routes(const project& of, const routes_options& options, std::ostream& out);

} // namespace flamigo::tool
