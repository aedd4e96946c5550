#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "distribution.hpp"
#include "version.hpp"

namespace flamigo::tool {

/// Something that a project is built with. Its version is what the command
/// prints, or what the preprocessor makes of the macros of a header.
struct requirement {
  std::string_view name;
  version minimum;
  /// Of Debian and Ubuntu.
  std::string_view package;
  /// A tool's; empty for a library.
  std::string_view command{};
  std::string_view header{};
  std::string_view macros{};
  /// Not 0 if there is one macro, a packed number; see `unpack_version`.
  unsigned unit = 0;
  /// The first version that is too new; 0 for none.
  version end{};

  bool takes(const version& found) const noexcept {
    return found >= minimum && (end == version{} || found < end);
  }
};

/// All that there are, in the order in which they are told.
std::span<const requirement> requirements() noexcept;

/// The package to install.
std::string package_of(const requirement& what, const distribution& on);

/// Reads what the preprocessor has made of `probe_of`.
std::optional<version> read_probe(const requirement& what,
                                  std::string_view output);

/// The source that asks for the version of a library.
std::string probe_of(const requirement& what);

} // namespace flamigo::tool
