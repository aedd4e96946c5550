#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "flamigo/tracing/detail/span.hpp"
#include "flamigo/tracing/trace_context.hpp"
#include "flamigo/tracing/tracing_options.hpp"

namespace flamigo {

/// Decides which traces are recorded, and writes them: a line of JSON for each
/// step, as the file exporter of OpenTelemetry does. Thread-safe. Outlives what
/// goes on for the requests that it records.
class tracer {
public:
  /// Takes a line without its line break. Called by who ends a step, on any
  /// thread, which must not wait for anything.
  using sink = std::function<void(std::string_view line)>;

  /// The share is from 0 to 1. Lines go to the log, or to the trace's file if
  /// there is one.
  explicit tracer(const tracing_options& options);

  /// They go there.
  tracer(const tracing_options& options, sink to);

  /// Whether a trace that begins here is recorded: always the same for one id.
  bool samples(const trace_id& x) const noexcept;

  /// @private
  const std::string& head() const noexcept {
    return head_;
  }

  /// @private
  void write(std::string_view line) const {
    to_(line);
  }

private:
  /// Of what is random in an id, what is below it is recorded.
  std::uint64_t bound_;
  /// What stands in a line before the step.
  std::string head_;
  sink to_;
};

} // namespace flamigo
