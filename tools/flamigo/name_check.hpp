#pragma once

#include <string>
#include <string_view>

#include "changes.hpp"
#include "project.hpp"

namespace flamigo::tool {

// Whether what a command adds would compile under the name that it was given.
// All throw `failure`.

void check_domain_name(const project& in, const std::string& domain);

/// Of a strategy, the last part of its name: its files and functions have more
/// to their names.
void check_action_name(const std::string& action);

void check_event_name(const project& in, const std::string& event);

/// The domain has to be there; if it is not, its name has to be one that it
/// could get.
void require_domain(const project& in, const std::string& domain);

/// Looks for what the new files declare: `what`, such as "an event", cannot be
/// called `name` if that is something else already.
void check_new_names(const changes& to, const project& in,
                     std::string_view what, const std::string& name);

} // namespace flamigo::tool
