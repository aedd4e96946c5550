#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace flamigo {

/// Where an event stands in the channels that keep it: by topic, its offset.
/// Empty where none does.
using remote_place = std::map<std::string, std::uint64_t>;

} // namespace flamigo
