#include "program.hpp"

#include <filesystem>
#include <vector>

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

std::string ask_program(const project& of, const std::string& option) {
  auto& name = of.name();
  // Where there is a cache, it keeps what the project was configured with.
  std::vector<std::string> configure{"cmake", "-S", ".", "-B", "build"};
  if (!std::filesystem::exists(of.root() / "build/CMakeCache.txt"))
    configure.insert(configure.end(), {"-G", "Ninja"});
  run(of, "configuring (`flamigo doctor` tells what is missing)", configure);
  run(of, "building", {"cmake", "--build", "build", "--target", name});
  return run(of, "asking the program",
             {"build/" + name, option, "--log-level=error"});
}

} // namespace flamigo::tool
