#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

#include "flamigo/config/configuration.hpp"
#include "flamigo/error/error.hpp"

namespace flamigo::test {

namespace fs = std::filesystem;

/// An empty working directory, and no APP_ENV, while it lives.
class sandbox {
public:
  sandbox()
    : before_(fs::current_path()),
      path_(fs::temp_directory_path()
            / ("flamigo-configuration-test-" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_ / "config");
    fs::current_path(path_);
    ::unsetenv("APP_ENV");
  }

  ~sandbox() {
    fs::current_path(before_);
    fs::remove_all(path_);
    ::unsetenv("APP_ENV");
  }

  void write(const std::string& name, const std::string& text) {
    std::ofstream{path_ / name} << text;
  }

private:
  fs::path before_;
  fs::path path_;
};

inline caf::error load(configuration& cfg, std::vector<std::string> args = {}) {
  args.insert(args.begin(), "test");
  std::vector<char*> argv;
  for (auto& arg : args)
    argv.push_back(arg.data());
  argv.push_back(nullptr);
  return cfg.load(static_cast<int>(args.size()), argv.data());
}

/// The sentence with which a command line is refused.
inline std::string refusal(std::vector<std::string> args) {
  configuration cfg;
  return public_message(load(cfg, std::move(args)));
}

/// The same for a configuration file.
inline std::string file_refusal(sandbox& dir, const std::string& text) {
  dir.write("test.conf", text);
  return refusal({"--config-file=test.conf"});
}

inline bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace flamigo::test
