#pragma once

#include <iosfwd>

#include "project.hpp"

namespace flamigo::tool {

/// Builds a project in its folder `build`, and prints the strategies that its
/// program registers. Throws `failure`, with what the compiler said, if it
/// cannot be built or does not start.
void routes(const project& of, std::ostream& out);

} // namespace flamigo::tool
