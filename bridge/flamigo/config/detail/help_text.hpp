#pragma once

#include <cstddef>
#include <string>

#include <caf/config_option_set.hpp>
#include <caf/settings.hpp>

namespace flamigo::detail {

/// What a help text is made of.
struct help_source {
  /// The program as it was called.
  std::string program;
  const caf::config_option_set& options;
  /// So many options at the beginning are CAF's own.
  std::size_t native;
  /// The values of those that have no variable.
  caf::settings content;
  /// Whether CAF's own are listed.
  bool all;
};

/// Lists the options by section, each with its default.
std::string help_text(const help_source& source);

} // namespace flamigo::detail
