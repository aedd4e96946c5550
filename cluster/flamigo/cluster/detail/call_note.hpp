#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <boost/describe/class.hpp>

#include "flamigo/cluster/detail/event_note.hpp"
#include "flamigo/json/raw_json.hpp"

namespace flamigo::detail {

/// A call of a hosted strategy, which the receiver's domain actor is to run. It
/// is answered and withdrawn as a question is.
struct call_note {
  /// Of all that the sender wants to know of the receiver.
  std::uint64_t number = 0;
  std::string strategy;
  /// What it was called by.
  std::string action;
  /// Bytes are in it as text.
  raw_json payload;
  /// Within so many milliseconds; none of one that waits for ever.
  std::optional<std::uint64_t> timeout = {};
  /// On whose behalf.
  cause_note cause;
  /// As `context::depth`.
  std::uint32_t depth = 0;
  /// As `context::call::passed_over`; none is 0.
  std::optional<std::uint32_t> passed_over = {};
  /// The W3C header, of one that stands in a trace.
  std::optional<std::string> traceparent = {};
};

BOOST_DESCRIBE_STRUCT(call_note, (),
                      (number, strategy, action, payload, timeout, cause, depth,
                       passed_over, traceparent))

} // namespace flamigo::detail
