#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace flamigo::tool {

/// What a program has left behind.
struct process_result {
  /// The exit status; 127 if there is no such program.
  int status;
  /// Of stdout and stderr together.
  std::string output;
};

/// Runs a program in a directory, with `input` as its stdin, and waits for it.
/// Throws std::system_error if no process can be made.
process_result run_process(const std::vector<std::string>& command,
                           const std::filesystem::path& directory = ".",
                           const std::string& input = {});

} // namespace flamigo::tool
