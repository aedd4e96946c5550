#pragma once

#include "flamigo/remote/remote_options.hpp"

namespace flamigo::detail {

/// Throws std::invalid_argument, with a sentence, for numbers and times with
/// which nothing can be done.
void check_remote_options(const remote_options& options);

} // namespace flamigo::detail
