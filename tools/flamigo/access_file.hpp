#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

namespace flamigo::tool {

/// Compares a committed file with what a program prints of who may call what.
/// Prints each line that only one of them has, `-` for the file's and `+` for
/// the program's, and returns whether there is none. Order, empty lines and
/// those that begin with `#` do not matter. Throws `failure` without such a
/// file.
bool compare_access(const std::filesystem::path& file, const std::string& now,
                    std::ostream& out);

/// Writes that file. Throws `failure` if it cannot be written.
void write_access(const std::filesystem::path& file, const std::string& now);

} // namespace flamigo::tool
