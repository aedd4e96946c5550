#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include <caf/actor.hpp>

#include "flamigo/client/client_figures.hpp"
#include "flamigo/context/context.hpp"
#include "flamigo/task/task.hpp"

namespace flamigo::detail {

/// For how long connections are waited for.
inline constexpr std::chrono::milliseconds figures_limit{500};

/// Asks all of these connections at once how they are, and gives what they have
/// said in time, in their order: nothing of those that are blocked, or gone.
task<std::vector<std::optional<client_figures>>>
ask_for_figures(context ctx, std::vector<caf::actor> whom);

} // namespace flamigo::detail
