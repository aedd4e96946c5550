#pragma once

#include <span>

namespace flamigo::detail {

/// A file of the page.
struct admin_file {
  /// Empty for the page itself.
  const char* name;
  const char* content_type;
  const char* content;
};

/// All of them, as they were when the library was built.
std::span<const admin_file> admin_files() noexcept;

} // namespace flamigo::detail
