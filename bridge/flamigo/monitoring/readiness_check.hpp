#pragma once

#include <functional>
#include <optional>
#include <string>

namespace flamigo {

/// Says why a program wants no requests, one line; nothing if it does.
using readiness_check = std::function<std::optional<std::string>()>;

} // namespace flamigo
