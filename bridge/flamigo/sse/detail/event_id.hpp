#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "flamigo/client/channel_position.hpp"

namespace flamigo::detail {

/// Longest id of an event, which is a header of the request that comes when the
/// stream was lost.
inline constexpr std::size_t max_event_id = 1'024;

/// The id of an event that says not to come again.
inline constexpr std::string_view final_event_id = "end";

/// The positions of channels as the id of an event: `rooms/42=c2f0.1042`,
/// joined by `&`, in ASCII without line breaks, since topics are
/// percent-encoded. Empty if there is none, or it would be too long.
std::string to_event_id(const std::vector<channel_position>& what);

/// Reads it. Empty for anything else.
std::vector<channel_position> from_event_id(std::string_view text);

} // namespace flamigo::detail
