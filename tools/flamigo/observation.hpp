#pragma once

#include <iosfwd>
#include <string>

namespace flamigo::tool {

/// What one look at a program has shown.
struct observation {
  enum class verdict {
    fine,
    /// It works, and may not be meant.
    doubtful,
    wrong,
    /// It was not looked at.
    skipped
  };

  verdict how = verdict::fine;
  /// What was looked at, in a word.
  std::string what{};
  /// What was seen, and what to do where that is not well.
  std::string text{};
};

/// As a line. @relates observation
std::ostream& operator<<(std::ostream& out, const observation& x);

} // namespace flamigo::tool
