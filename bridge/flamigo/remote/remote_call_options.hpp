#pragma once

#include <cstdint>

#include <caf/timespan.hpp>

namespace flamigo {

/// What a call does without a connection.
enum class when_offline : std::uint8_t {
  /// Waits for one, as long as its time lasts.
  wait,
  /// Fails at once, with the code `offline`.
  fail,
};

/// How one call is made.
struct remote_call_options {
  /// Until it is given up, the wait for a connection included; of a stream,
  /// from one item to the next. 0 is `remote_options::timeout`; with less than
  /// that it fails at once, with the code `offline`.
  caf::timespan timeout{0};

  /// Done twice it is as if done once: it is sent again if its answer is lost.
  bool idempotent = false;

  /// What to do without a connection.
  when_offline offline = when_offline::wait;
};

} // namespace flamigo
