#pragma once

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace flamigo::tool {

/// The lines of a text in C++ in which a lambda begins that returns a `task`,
/// as a coroutine does, and captures by reference. What it refers to may be
/// gone when it goes on after it has waited; no compiler tells.
std::vector<std::size_t> reference_captures(std::string_view text);

/// A place in a file.
struct capture {
  /// Below the folder that was searched.
  std::filesystem::path file;
  /// The first one is 1.
  std::size_t line;
};

/// Those in the sources of a project, but for its tests, whose locals outlive
/// the actors, and what is built.
std::vector<capture> find_captures(const std::filesystem::path& root);

/// Prints them, with what to do.
void report(const std::vector<capture>& found, std::ostream& out);

} // namespace flamigo::tool
