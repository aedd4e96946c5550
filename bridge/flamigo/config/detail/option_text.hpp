#pragma once

#include <string>

#include <caf/config_option.hpp>
#include <caf/config_value.hpp>
#include <caf/error.hpp>
#include <caf/string_view.hpp>

namespace flamigo::detail {

inline std::string to_std(caf::string_view x) {
  return std::string{x.begin(), x.end()};
}

/// The error of a refused configuration.
caf::error config_error(std::string sentence);

/// The error for a value that an option does not take. Where `allowed` is
/// empty, the type of the option says what it takes.
caf::error bad_value(const std::string& name, const std::string& value,
                     const std::string& allowed);

/// The name of an option on the command line, e.g. `--port`.
std::string option_name(const caf::config_option& option);

/// What an option takes by its type, e.g. "a whole number from 0 to 65535".
std::string allowed_values(const caf::config_option& option);

/// What stands for the value in a help text, e.g. "TEXT".
std::string placeholder(const caf::config_option& option);

/// A value as a person would write it on the command line.
std::string render(const caf::config_value& value);

/// A value as a person would write it in the configuration file.
std::string render(caf::timespan value);

/// A number in as few digits as tell it from all others.
std::string render(double value);

} // namespace flamigo::detail
