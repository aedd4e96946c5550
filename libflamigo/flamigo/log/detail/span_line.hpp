#pragma once

#include <string_view>

namespace flamigo::detail {

/// Writes a line of the trace, soon: to its file if there is one
/// (`log::open_trace_file`), else among the lines of the log. It has no line
/// break and at most `log::max_line_bytes`. As `log::write` it never waits for
/// who reads it, and never throws; what waits is bounded in the same way.
void write_span_line(std::string_view line) noexcept;

} // namespace flamigo::detail
