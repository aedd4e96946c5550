#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include <caf/config_value.hpp>
#include <caf/error.hpp>

namespace flamigo::detail {

/// What a configuration file says: sections within sections, and values.
struct file_content {
  /// Of the outermost section, which has no name.
  caf::config_value::dictionary values;
  /// Where each name stands first, by its path: `server`, `server.port`.
  std::map<std::string, std::size_t, std::less<>> lines;
};

/// The path of a name in a section.
std::string path_of(const std::string& section, const std::string& name);

/// Reads a text in CAF's format. Sections of the same name are one, as a person
/// means it: CAF's own reader forgets the second one. A name that stands twice
/// in a section is an error, as is whatever CAF reads otherwise than a person
/// or not at all. The public message of an error begins with `name` and says
/// the line.
caf::error read_file_content(const std::string& name, std::string_view text,
                             file_content& out);

} // namespace flamigo::detail
