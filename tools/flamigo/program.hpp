#pragma once

#include <string>

#include "project.hpp"

namespace flamigo::tool {

/// Builds a project in its folder `build`, runs its program with one option,
/// and returns what that prints. Throws `failure`, with what the compiler or
/// the program said, if it cannot be built or does not start.
std::string ask_program(const project& of, const std::string& option);

} // namespace flamigo::tool
