#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/log/log.hpp"
#include "support/temporary_directory.hpp"

namespace flamigo::test {

/// The lines of a file.
inline std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::ifstream file{path};
  std::vector<std::string> result;
  for (std::string line; std::getline(file, line);)
    result.push_back(std::move(line));
  return result;
}

/// Sends the log to a file while it lives.
class log_capture {
public:
  log_capture() {
    REQUIRE_FALSE(log::open_file(path().string()));
    // Another test of the program may have switched it off.
    log::set_level(log::level::info);
  }

  ~log_capture() {
    log::close_file();
    log::set_level(log::level::info);
  }

  std::filesystem::path path() const {
    return directory_.path() / "test.log";
  }

  /// All that was logged.
  std::vector<std::string> lines() const {
    CHECK(log::flush(std::chrono::seconds{10}));
    return lines_of(path());
  }

  /// How many lines have this in them.
  std::size_t count(std::string_view part) const {
    std::size_t result = 0;
    for (auto& line : lines())
      if (line.find(part) != line.npos)
        ++result;
    return result;
  }

private:
  temporary_directory directory_;
};

} // namespace flamigo::test
