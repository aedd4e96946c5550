#pragma once

#include <functional>

namespace flamigo::detail {

class metric_text;

/// Writes some figures of a program, whenever somebody asks, on any thread. It
/// must not block.
using figures_source = std::function<void(metric_text& to)>;

} // namespace flamigo::detail
