#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <stdlib.h>

namespace flamigo::test {

/// An empty directory, which is gone with the object.
class temporary_directory {
public:
  temporary_directory() {
    auto name = (std::filesystem::temp_directory_path() / "flamigo-XXXXXX");
    auto text = name.string();
    path_ = ::mkdtemp(text.data());
  }

  temporary_directory(const temporary_directory&) = delete;

  ~temporary_directory() {
    std::filesystem::remove_all(path_);
  }

  const std::filesystem::path& path() const noexcept {
    return path_;
  }

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream{path_ / name} << text;
  }

  /// Empty if there is no such file.
  std::string read(const std::string& name) const {
    std::ifstream in{path_ / name};
    std::stringstream result;
    result << in.rdbuf();
    return result.str();
  }

private:
  std::filesystem::path path_;
};

} // namespace flamigo::test
