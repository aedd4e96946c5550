#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include <caf/error.hpp>

/// The framework's log: one spdlog logger named "flamigo", which writes to
/// stderr, in colour on a terminal. Thread-safe.
///
/// Who logs never waits for who reads: a line is queued, and a thread of the
/// log's own writes it. When lines come faster than they can be written, the
/// oldest that wait are dropped, and so are lines that cannot be written at all
/// (the disk is full, nobody reads any more); a line with their number stands
/// where they are missing. When the program ends, by `exit` or by returning
/// from `main`, what waits is still written, if that takes no longer than
/// `exit_limit`; what ends it otherwise (`_exit`, a crash) may lose the last
/// lines, which `flush` prevents. A process that was forked logs on by itself.
///
/// This header leaves spdlog out, because it would cost every file that
/// includes it a second of compile time; a text is formatted by who writes it,
/// after asking `enabled` where that costs something. An application that wants
/// sinks of its own gets the logger by `spdlog::get("flamigo")` once it has
/// called a function of this namespace, or logs with a logger of its own. Such
/// a sink is called by who logs, at once.
namespace flamigo::log {

/// How much a line matters. `off` is for settings only: nothing is written.
enum class level {
  trace,
  debug,
  info,
  warning,
  error,
  off
};

/// Returns the name of a level, e.g. "warning".
std::string to_string(level x);

/// Reads the name of a level. Leaves `x` alone and returns false if there is no
/// such level.
bool from_string(std::string_view name, level& x) noexcept;

/// How lines look.
enum class format {
  /// For people: time, level, text.
  text,
  /// One JSON object a line, for programs: `time` (RFC 3339, UTC), `level`,
  /// `message` and, where they are known, `trace_id`, `span_id` and
  /// `connection`. Such a line is no longer than PIPE_BUF either.
  json
};

/// Returns the name of a format, e.g. "json".
std::string to_string(format x);

/// Reads the name of a format. Leaves `x` alone and returns false if there is
/// no such format.
bool from_string(std::string_view name, format& x) noexcept;

// -- bounds -------------------------------------------------------------------

/// Lines that wait to be written; one more drops the oldest.
inline constexpr std::size_t max_waiting_lines = 8192;

/// Bytes of a line's text; of a longer one the beginning is written. With its
/// time and its level a line is no longer than what a pipe takes as a whole
/// (PIPE_BUF), so that several programs may write to one.
inline constexpr std::size_t max_line_bytes = 4000;

/// What the end of the program waits for the log at most.
inline constexpr std::chrono::milliseconds exit_limit{1000};

// -- settings -----------------------------------------------------------------

/// Only lines of this level and above are written. The default is `info`.
void set_level(level x) noexcept;

/// Returns the level that was set last.
level get_level() noexcept;

/// How lines look that are written from now on. The default is `text`.
void set_format(format x) noexcept;

/// Returns the format that was set last.
format get_format() noexcept;

/// Appends to a file from now on, instead of writing to stderr; directories on
/// the way to it are made. What was logged before goes where it belongs, unless
/// it cannot be written within `exit_limit`, which this waits. On error nothing
/// changes.
caf::error open_file(const std::string& path);

/// Opens the file again by its name, for those who have moved it away and want
/// a new one (logrotate); `application::run` does that on SIGHUP. Lines that
/// wait go to the new file. So with that of the trace. Does nothing when there
/// is no file. On error the old one stays.
caf::error reopen_file();

/// Writes to stderr again; otherwise as `open_file`.
void close_file();

/// The name of the file that is written, as it was given; empty for stderr.
std::string file();

// -- the trace ----------------------------------------------------------------

/// Appends what is traced (docs/tracing.md) to a file of its own from now on,
/// instead of among the lines of the log. Another thread writes it, and
/// `max_waiting_lines` of its own may wait for that; how many were lost is said
/// in the log, once a second at most. On error nothing changes.
caf::error open_trace_file(const std::string& path);

/// Writes it with the log again.
void close_trace_file();

/// The name of the trace's file, as it was given; empty if there is none.
std::string trace_file();

// -- writing ------------------------------------------------------------------

/// Whether a line of this level would be written.
bool enabled(level x) noexcept;

/// Writes one line, soon: `flush` waits for that. Whatever the text contains,
/// it stays one line and cannot pass for another: it goes through `escape`.
/// Never waits for who reads the log; a line for which there is no memory is
/// dropped.
void write(level x, std::string_view text) noexcept;

/// The same whatever level was set: for lines of what somebody looks at more
/// closely than at all else.
void write_anyway(level x, std::string_view text) noexcept;

/// Writes a line for who follows the framework step by step.
void trace(std::string_view text) noexcept;

/// Writes a line for who looks for an error.
void debug(std::string_view text) noexcept;

/// Writes a line on the ordinary course of things.
void info(std::string_view text) noexcept;

/// Writes a line, of the level `warning`, on what may need attention.
void warn(std::string_view text) noexcept;

/// Writes a line on what has failed.
void error(std::string_view text) noexcept;

/// Waits until what was logged before is written or dropped, but no longer than
/// the limit. Returns whether it is. For tests, and before what ends a program
/// without `exit`; not for actors and I/O threads, which it may block.
bool flush(std::chrono::nanoseconds limit = exit_limit);

// -- texts of a peer ----------------------------------------------------------

/// Makes a text harmless for logs and terminals: control characters, the line
/// and direction marks of Unicode and bytes that are not UTF-8 become `\n`,
/// `\x1b` or `\u202e`. All else stays as it is, so that escaping twice changes
/// nothing more.
std::string escape(std::string_view text);

} // namespace flamigo::log
