#pragma once

#include <string>

namespace flamigo {

/// What is written of traces.
struct tracing_options {
  /// Of the traces that begin in this program, the share that is written, from
  /// 0 to 1. Those that others have begun are written if they say so. With 0
  /// none is.
  double sample = 0;
  /// File that they are appended to; empty means where the log goes.
  std::string file = {};
  /// How traces name this program (`service.name`); empty means as its
  /// executable is called.
  std::string service = {};
};

} // namespace flamigo
