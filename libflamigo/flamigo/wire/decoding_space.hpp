#pragma once

#include <string>

#include "flamigo/json/detail/tape.hpp"

namespace flamigo {

/// Where a frame is taken apart. For one after another; not bound to a thread.
/// Large: keep it on the stack.
struct decoding_space {
  /// Holds what is not in the frame as it is to be read.
  std::string scratch;
  /// The tokens of what was read.
  detail::json_tape tape;
};

} // namespace flamigo
