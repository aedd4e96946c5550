#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "flamigo/wire/client_message.hpp"

namespace flamigo::detail {

/// What clients are told of a gap: `bus:gap` with the node's name and how many
/// messages were lost, if that is known.
client_message gap_notice(const std::string& node,
                          std::optional<std::uint64_t> lost);

} // namespace flamigo::detail
