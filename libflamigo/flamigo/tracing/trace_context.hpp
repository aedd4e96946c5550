#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace flamigo {

/// Names all that one request causes, in whatever programs.
struct trace_id {
  /// The first eight bytes, as a big-endian number.
  std::uint64_t high = 0;
  /// The last eight bytes.
  std::uint64_t low = 0;

  bool operator==(const trace_id&) const = default;

  /// Whether it names a trace: all zeros are none.
  explicit operator bool() const noexcept {
    return (high | low) != 0;
  }
};

/// Names one step of a trace.
struct span_id {
  /// The eight bytes, as a big-endian number.
  std::uint64_t value = 0;

  bool operator==(const span_id&) const = default;

  /// Whether it names a step: all zeros are none.
  explicit operator bool() const noexcept {
    return value != 0;
  }
};

/// Where something stands in a trace: what a W3C `traceparent` says
/// (https://www.w3.org/TR/trace-context-1/).
struct trace_context {
  /// The trace.
  trace_id trace = {};
  /// The step of it that goes on now.
  span_id span = {};
  /// Whether it is recorded, as far as who has begun the trace knows.
  bool sampled = false;

  bool operator==(const trace_context&) const = default;

  /// Whether there is a trace.
  explicit operator bool() const noexcept {
    return trace && span;
  }

  /// Reads a `traceparent`. Nothing if it is none: of version `ff`, with ids of
  /// zeros, with digits that are not lower-case hexadecimal ones, or of another
  /// form. Of versions to come the first four fields are read (3.2.2 there).
  static std::optional<trace_context> parse(std::string_view text) noexcept;
};

/// As 32 hexadecimal digits.
std::string to_string(const trace_id& x);

/// As 16 hexadecimal digits.
std::string to_string(const span_id& x);

/// As a `traceparent` of version 00, to be passed on to a database or another
/// service; empty if there is no trace.
std::string to_string(const trace_context& x);

} // namespace flamigo
