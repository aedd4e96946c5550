#pragma once

#include <string>
#include <string_view>

#include <caf/error.hpp>

/// The framework's log: one spdlog logger named "flamigo", which writes to
/// stderr, in colour on a terminal. Thread-safe.
///
/// This header leaves spdlog out, because it would cost every file that
/// includes it a second of compile time; a text is formatted by who writes it,
/// after asking `enabled` where that costs something. An application that wants
/// sinks of its own gets the logger by `spdlog::get("flamigo")` once it has
/// called a function of this namespace, or logs with a logger of its own.
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

// -- settings -----------------------------------------------------------------

/// Only lines of this level and above are written. The default is `info`.
void set_level(level x) noexcept;

/// Returns the level that was set last.
level get_level() noexcept;

/// Appends to a file from now on, instead of writing to stderr; directories on
/// the way to it are made. A line is in the file when `write` returns. On error
/// nothing changes.
caf::error open_file(const std::string& path);

/// Writes to stderr again.
void close_file();

// -- writing ------------------------------------------------------------------

/// Whether a line of this level would be written.
bool enabled(level x) noexcept;

/// Writes one line. Whatever the text contains, it stays one line and cannot
/// pass for another: it goes through `escape`.
void write(level x, std::string_view text);

/// Writes a line for who follows the framework step by step.
void trace(std::string_view text);

/// Writes a line for who looks for an error.
void debug(std::string_view text);

/// Writes a line on the ordinary course of things.
void info(std::string_view text);

/// Writes a line, of the level `warning`, on what may need attention.
void warn(std::string_view text);

/// Writes a line on what has failed.
void error(std::string_view text);

// -- texts of a peer ----------------------------------------------------------

/// Makes a text harmless for logs and terminals: control characters, the line
/// and direction marks of Unicode and bytes that are not UTF-8 become `\n`,
/// `\x1b` or `\u202e`. All else stays as it is, so that escaping twice changes
/// nothing more.
std::string escape(std::string_view text);

} // namespace flamigo::log
