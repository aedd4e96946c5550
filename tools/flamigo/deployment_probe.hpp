#pragma once

#include <functional>

#include "observation.hpp"
#include "probe_options.hpp"

namespace flamigo::tool {

/// Looks at a program from outside, as its clients see it through whatever is
/// in between: how it is reached, its certificate, the upgrade, who is let in,
/// whether answers, pings and streams come at once, and how it ends. Tells each
/// thing as soon as it is known. It says nothing that changes anything there.
/// Returns whether nothing is wrong.
bool examine_deployment(const probe_options& options,
                        const std::function<void(const observation&)>& tell);

} // namespace flamigo::tool
