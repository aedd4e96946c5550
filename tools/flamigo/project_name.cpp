#include "project_name.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "failure.hpp"
#include "identifier.hpp"
#include "template_file.hpp"

namespace flamigo::tool {

namespace {

// Targets that CMake and Ninja have already, and folders of theirs where the
// program would lie.
constexpr auto targets = std::to_array<std::string_view>(
  {"ALL_BUILD", "CMakeFiles", "Testing", "all", "clean", "codegen",
   "edit_cache", "flamigo", "help", "install", "package", "package_source",
   "rebuild_cache", "test"});

/// What the project's own build makes beside the program.
bool is_own_target(std::string_view name) {
  auto words = std::string{name};
  auto files = template_files();
  return std::any_of(files.begin(), files.end(), [&](auto& file) {
    return file.path.ends_with("CMakeLists.txt")
           && (file.text.find("add_library(" + words + " ") != file.text.npos
               || file.text.find("add_executable(" + words + " ")
                    != file.text.npos);
  });
}

/// `project(X)` sets X_SOURCE_DIR, and others mean something by that.
bool is_prefix_of_variables(std::string_view name) {
  return name == "CMAKE" || name == "CMAKE_CURRENT" || name == "FLAMIGO";
}

[[noreturn]] void refuse(std::string_view text, const char* why) {
  refuse_name("a project", text, why);
}

} // namespace

project_name::project_name(std::string text) : text_(std::move(text)) {
  auto identifier = text_;
  std::replace(identifier.begin(), identifier.end(), '-', '_');
  try {
    check_identifier("a project", identifier);
  } catch (const failure& e) {
    throw failure{std::string{e.what()} + "; '-' will do for an underscore"};
  }
  if (std::count(targets.begin(), targets.end(), text_) > 0
      || is_own_target(text_))
    refuse(text_, "the build has something of that name already");
  if (text_.starts_with("flamigo_"))
    refuse(text_, "what Flamigo's own build makes begins with flamigo_");
  if (is_prefix_of_variables(text_))
    refuse(text_, "CMake has variables that begin like that");
}

} // namespace flamigo::tool
