#pragma once

#include <string_view>

#include "flamigo/task/stream.hpp"

namespace flamigo::detail {

/// The items of a strategy's stream, each as the text of one JSON value, which
/// is there until the next one is asked for.
using json_stream = stream<std::string_view>;

} // namespace flamigo::detail
