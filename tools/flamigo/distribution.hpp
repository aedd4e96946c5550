#pragma once

#include <iosfwd>
#include <string>

namespace flamigo::tool {

/// The operating system, as /etc/os-release has it.
struct distribution {
  /// E.g. `debian`.
  std::string id{};
  /// E.g. `12`; empty for Debian's testing and unstable.
  std::string version{};

  /// Whether packages are installed with apt.
  bool has_apt() const noexcept {
    return id == "debian" || id == "ubuntu";
  }
};

/// Reads the text of an os-release file.
distribution read_distribution(std::istream& in);

/// The one of this machine.
distribution this_distribution();

} // namespace flamigo::tool
