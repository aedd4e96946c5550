#!/usr/bin/env bash
# CAF: a configuration file that lacks its last brace is empty, without an error.
#
# Expected: `parse_config` says what it cannot read, as it does for a brace too
#   many: an `expected` with an error, with line and column.
# Instead: a text that ends before the brace that is due is read with success,
#   and as if nothing stood in it: what came before, in sections that are
#   complete, is gone too. A program starts with its defaults and listens on
#   another port. In the old form, with [section] lines, what is complete stays.
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

std::string read(const std::string& text) {
  std::istringstream in{text};
  auto result = caf::actor_system_config::parse_config(in);
  return result ? caf::deep_to_string(*result) : "an error";
}

int main() {
  std::string complete = "log {\n  level = 2\n}\nserver {\n  port = 80\n}\n";
  auto all = read(complete);
  auto too_many = read(complete + "}\n");
  auto too_few = read(complete.substr(0, complete.rfind('}')));
  auto old_form = read("[log]\nlevel = 2\n[server]\nport = 80\nhosts = [\n");
  std::cout << "complete: " << all << "\na brace too many: " << too_many
            << "\na brace too few: " << too_few
            << "\na list that is not closed, in the old form: " << old_form
            << std::endl;
  return all.find("port") != std::string::npos && too_many == "an error"
             && too_few == "{}" && old_form.find("level") != std::string::npos
           ? 0
           : 1;
}
CPP
lib=$(dirname "$(find root -name 'libcaf_core.so*' | head -1)")
g++ -std=c++17 -isystem root/usr/include main.cpp -o main \
  "$(find "$lib" -name 'libcaf_core.so.*' | head -1)" -pthread
LD_LIBRARY_PATH=$lib timeout 60 ./main
