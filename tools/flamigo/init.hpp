#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace flamigo::tool {

/// The command line of `flamigo init`.
struct init_options {
  /// The directory to make; `.` is the current one. Asked for if empty.
  std::string name{};
  /// Features, as `features::parse` reads them. Asked for if absent.
  std::optional<std::string> with{};
  /// Take what is usual for whatever is not given, and do not ask.
  bool yes = false;
  /// Into a directory that is not empty.
  bool force = false;
  /// Where the package for pages lies: `data_directory`.
  std::filesystem::path data{};
};

/// Makes a project below `where`. What the options leave open it asks on `out`
/// if `terminal` says that a person is there. Throws `failure`.
void init(const init_options& options, const std::filesystem::path& where,
          bool terminal, std::istream& in, std::ostream& out);

} // namespace flamigo::tool
