#pragma once

#include <string>
#include <vector>

#include <caf/config_option_set.hpp>
#include <caf/expected.hpp>
#include <caf/settings.hpp>

namespace flamigo::detail {

/// One option of the command line, as it was written.
struct assignment {
  const caf::config_option* option;
  /// E.g. `--port`.
  std::string name;
  std::string value;
};

enum class help {
  none,
  own,
  all
};

/// Whether the command line asks for help, whatever else stands there.
help help_wanted(const std::vector<std::string>& args);

/// Tells whether two options have the same name on the command line, so that
/// one of them could not be reached.
caf::error check_names(const caf::config_option_set& options);

/// Splits a command line into options and their values. CAF 0.17 reads
/// `--port=9000` but not `--port 9000`; here both are the same. An option
/// without a value is true if it is a flag.
caf::expected<std::vector<assignment>>
parse_command_line(const caf::config_option_set& options,
                   const std::vector<std::string>& args);

/// Reads the value, stores it where the option says, and puts it into
/// `content`, where CAF looks it up.
caf::error assign(const assignment& x, caf::settings& content);

} // namespace flamigo::detail
