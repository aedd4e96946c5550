#include "doctor.hpp"

#include <algorithm>
#include <cstdlib>
#include <iomanip>
#include <ostream>
#include <string>

#include "process.hpp"

namespace flamigo::tool {

namespace {

std::string compiler() {
  auto value = std::getenv("CXX");
  return value != nullptr && *value != '\0' ? value : "c++";
}

std::string preprocess(const std::string& source) {
  return run_process({compiler(), "-std=c++20", "-E", "-P", "-x", "c++", "-"},
                     ".", source)
    .output;
}

/// The compiler as a requirement: the first versions that have the C++20 that
/// is needed.
finding examine_compiler() {
  auto is_clang = preprocess("__clang__\n").find("__clang__")
                  == std::string::npos;
  requirement gcc{.name = "g++",
                  .minimum = {12, 0, 0},
                  .package = "g++",
                  .macros = "__GNUC__ __GNUC_MINOR__ __GNUC_PATCHLEVEL__"};
  requirement clang{.name = "clang++",
                    .minimum = {14, 0, 0},
                    .package = "clang",
                    .macros = "__clang_major__ __clang_minor__ "
                              "__clang_patchlevel__"};
  auto& what = is_clang ? clang : gcc;
  return {what, read_probe(what, preprocess(probe_of(what)))};
}

std::optional<version> look_for(const requirement& what) {
  if (what.command.empty())
    return read_probe(what, preprocess(probe_of(what)));
  auto told = run_process({std::string{what.command}, "--version"});
  return told.status == 0 ? find_version(told.output) : std::nullopt;
}

std::string expectation(const requirement& what) {
  auto result = to_string(what.minimum);
  return what.end == version{}
           ? result + " or newer"
           : result + " or newer, below " + to_string(what.end);
}

} // namespace

std::vector<finding> examine() {
  std::vector<finding> result{examine_compiler()};
  for (auto& what : requirements())
    result.push_back({what, look_for(what)});
  return result;
}

bool report(const std::vector<finding>& findings, const distribution& on,
            std::ostream& out) {
  std::string packages;
  for (auto& x : findings) {
    out << (x.is_fine() ? "  ok       "
            : x.found   ? "  wrong    "
                        : "  missing  ")
        << std::left << std::setw(11) << x.what.name;
    if (x.found)
      out << to_string(*x.found);
    if (!x.is_fine()) {
      out << (x.found ? ", needed is " : "needed is ") << expectation(x.what);
      packages += " " + package_of(x.what, on);
    }
    out << '\n';
  }
  if (packages.empty())
    return true;
  if (on.has_apt())
    out << "\nInstall it:  sudo apt-get install" << packages << '\n';
  else
    out << "\nInstall what your system calls these packages of Debian:"
        << packages << '\n';
  if (packages.find("-backports") != std::string::npos)
    out << "Debian 12 has Catch2 3 in its suite bookworm-backports: see "
           "https://backports.debian.org/Instructions/\n";
  return false;
}

} // namespace flamigo::tool
