#pragma once

#include <iosfwd>
#include <string>

#include "project.hpp"

namespace flamigo::tool {

// `flamigo add`: each says the files that it writes, and what is left to do.
// They throw `failure`, and then nothing was written.

/// E.g. `orders`; an empty one has no strategy yet.
void add_domain(const project& to, const std::string& domain, bool empty,
                std::ostream& out);

/// E.g. `app::orders:cancel`.
void add_strategy(const project& to, const std::string& strategy,
                  std::ostream& out);

/// E.g. `cancelled`. The domain may be left out where there is one only.
void add_event(const project& to, const std::string& event, std::string domain,
               std::ostream& out);

/// Always throws: that is chosen when the project is made.
[[noreturn]] void add_websocket(const project& to);

} // namespace flamigo::tool
