#include "project_name.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "failure.hpp"
#include "identifier.hpp"

namespace flamigo::tool {

namespace {

// The program is a target of CMake, which has these already.
constexpr auto targets = std::to_array<std::string_view>(
  {"all", "clean", "edit_cache", "flamigo", "help", "install", "package",
   "rebuild_cache", "test"});

} // namespace

project_name::project_name(std::string text) : text_(std::move(text)) {
  auto identifier = text_;
  std::replace(identifier.begin(), identifier.end(), '-', '_');
  try {
    check_identifier("a project", identifier);
  } catch (const failure& e) {
    throw failure{std::string{e.what()} + "; '-' will do for an underscore"};
  }
  if (std::count(targets.begin(), targets.end(), text_) > 0)
    throw failure{"the name of a project cannot be \"" + text_
                  + "\": the build has something of that name already"};
}

} // namespace flamigo::tool
