#include "routes.hpp"

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "access_file.hpp"
#include "failure.hpp"
#include "process.hpp"

namespace flamigo::tool {

namespace {

std::string run(const project& in, const std::string& what,
                const std::vector<std::string>& command) {
  auto result = run_process(command, in.root());
  if (result.status != 0)
    throw failure{what + " failed:\n" + result.output};
  return std::move(result.output);
}

} // namespace

int routes(const project& of, const routes_options& options,
           std::ostream& out) {
  auto& name = of.name();
  // Where there is a cache, it keeps what the project was configured with.
  std::vector<std::string> configure{"cmake", "-S", ".", "-B", "build"};
  if (!std::filesystem::exists(of.root() / "build/CMakeCache.txt"))
    configure.insert(configure.end(), {"-G", "Ninja"});
  run(of, "configuring (`flamigo doctor` tells what is missing)", configure);
  run(of, "building", {"cmake", "--build", "build", "--target", name});
  auto asked = !options.matrix.empty() ? "--list-access"
               : !options.as.empty()   ? "--list-access-as=" + options.as
                                       : "--list-strategies";
  auto said = run(of, "listing the strategies",
                  {"build/" + name, asked, "--log-level=error"});
  if (options.matrix.empty()) {
    out << said;
    return 0;
  }
  if (!options.write)
    return compare_access(options.matrix, said, out) ? 0 : 1;
  write_access(options.matrix, said);
  return 0;
}

} // namespace flamigo::tool
