#pragma once

#include <string_view>

namespace flamigo::detail {

/// Writes why a program does not start to standard error, wherever the log
/// goes: one line, of at most PIPE_BUF bytes, escaped. If nobody reads there,
/// gives up after `log::exit_limit`, so that the program ends all the same.
/// Needs no memory unless there is something to escape.
void complain(std::string_view sentence) noexcept;

} // namespace flamigo::detail
