#pragma once

#include <string>

#include "changes.hpp"
#include "project.hpp"

namespace flamigo::tool {

// What the commands make of the templates. All throw `failure` for a name that
// cannot be.

/// Adds what every project has, and its example domain if it is to have one.
void generate_project(changes& to, const project& what);

/// Adds a domain that works, with its tests, and hosts it in `main.cpp`; an
/// empty one has no strategy yet.
void generate_domain(changes& to, const project& in, const std::string& domain,
                     bool empty);

/// Adds a strategy with its input, its output and its test to a domain.
void generate_strategy(changes& to, const project& in,
                       const std::string& domain, const std::string& action);

/// Adds an event to a domain.
void generate_event(changes& to, const project& in, const std::string& domain,
                    const std::string& event);

} // namespace flamigo::tool
