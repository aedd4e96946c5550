#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// What clients of Socket.IO get of an event: the arguments of theirs,
/// `["topic",payload]`, and behind them `{"offsets":{...}}` where there are
/// some.
namespace flamigo {

/// Appends them; the topic is escaped.
void append_event_arguments(std::string& out, std::string_view topic,
                            std::string_view payload_json);

/// Appends those of a frame of ours. `base` is how much of it has no offsets
/// and no brace at its end, so that the payload need not be read.
void append_frame_arguments(std::string& out, std::string_view frame,
                            std::size_t base);

} // namespace flamigo
