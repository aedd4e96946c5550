#!/usr/bin/env bash
# CAF: of a section that stands twice in a configuration file, the second is
# dropped, without an error.
#
# Expected: a section that is opened again, as by a file that was put together
#   from parts, adds its values to what it has and overrides what is there; that
#   is what happens for two [section] lines. Or it is an error.
# Instead: with braces the first one stays as it is and all of the second is
#   lost, also values with names of their own. Which is read depends on the form.
#
# C++ Actor Framework 0.17.6 (Debian's libcaf-dev 0.17.6-2.1+b1), g++ 12.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -q libcaf-dev=0.17.6-2.1+b1 libcaf-core0.17=0.17.6-2.1+b1 >/dev/null
for package in ./*.deb; do dpkg -x "$package" root; done

cat >main.cpp <<'CPP'
#include <iostream>
#include <sstream>
#include <string>

#include <caf/all.hpp>

/// What stands in the section `server`.
std::string server(const std::string& text) {
  std::istringstream in{text};
  auto result = caf::actor_system_config::parse_config(in);
  return result ? caf::deep_to_string((*result)["server"]) : "an error";
}

int main() {
  auto braces = server("server {\n  port = 80\n}\nserver {\n  threads = 4\n}\n");
  auto lines = server("[server]\nport = 80\n[server]\nthreads = 4\n");
  std::cout << "with braces: " << braces << "\nwith lines: " << lines
            << std::endl;
  auto has = [](const std::string& text, const char* name) {
    return text.find(name) != std::string::npos;
  };
  return has(braces, "port") && !has(braces, "threads") && has(lines, "port")
             && has(lines, "threads")
           ? 0
           : 1;
}
CPP
lib=$(dirname "$(find root -name 'libcaf_core.so*' | head -1)")
g++ -std=c++17 -isystem root/usr/include main.cpp -o main \
  "$(find "$lib" -name 'libcaf_core.so.*' | head -1)" -pthread
LD_LIBRARY_PATH=$lib timeout 60 ./main
