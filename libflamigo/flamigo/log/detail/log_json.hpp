#pragma once

#include <climits>
#include <cstddef>
#include <string>
#include <string_view>

#include <spdlog/details/log_msg.h>

namespace flamigo::detail {

/// Bytes of a line that is JSON, with its line break: what a pipe takes as a
/// whole.
inline constexpr std::size_t max_json_line = PIPE_BUF;

/// Appends `,"name":"text"`. The name needs no escapes; the text goes through
/// `log::escape`.
void append_member(std::string& out, std::string_view name,
                   std::string_view text);

/// Appends a line of the log as an object, without a line break: `time` (RFC
/// 3339, UTC, microseconds), `level`, these members, and `message`, of which as
/// much stands there as `max_json_line` leaves; `...` says that there was more.
void append_json_line(std::string& out, const spdlog::details::log_msg& what,
                      std::string_view members, std::string_view message);

} // namespace flamigo::detail
