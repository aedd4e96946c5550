#pragma once

#include <iosfwd>
#include <optional>
#include <vector>

#include "distribution.hpp"
#include "requirement.hpp"

namespace flamigo::tool {

/// A requirement, and what is there of it.
struct finding {
  requirement what;
  std::optional<version> found;

  bool is_fine() const noexcept {
    return found && what.takes(*found);
  }
};

/// Looks for the compiler, the tools and the libraries. Libraries are asked
/// through the compiler's preprocessor ($CXX, or else c++): what it finds is
/// what a build would find.
std::vector<finding> examine();

/// Prints them, and what to install. Returns whether all is well.
bool report(const std::vector<finding>& findings, const distribution& on,
            std::ostream& out);

} // namespace flamigo::tool
