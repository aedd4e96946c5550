#pragma once

#include <string_view>

#include <caf/error.hpp>

namespace flamigo::detail {

/// Walks through the segments of a topic or a pattern.
class segments {
public:
  explicit segments(std::string_view text) noexcept : rest_(text) {
    // nop
  }

  /// Whether there is no segment left. An empty text has one, an empty one.
  bool done() const noexcept {
    return done_;
  }

  /// Returns the next segment.
  /// @pre `!done()`
  std::string_view next() noexcept {
    auto slash = rest_.find('/');
    auto result = rest_.substr(0, slash);
    if (slash == std::string_view::npos)
      done_ = true;
    else
      rest_.remove_prefix(slash + 1);
    return result;
  }

private:
  std::string_view rest_;
  bool done_ = false;
};

/// Checks a text that is to be a topic or a pattern, as `kind` says. `wrong` is
/// asked about each segment, none of which is empty, and returns null or what
/// is wrong with it.
caf::error check_segments(std::string_view text, std::string_view kind,
                          const char* (*wrong)(std::string_view segment));

} // namespace flamigo::detail
