#pragma once

#include <string>
#include <vector>

#include "flamigo/channel/channel_info.hpp"

namespace flamigo::detail {

/// Lists channels for a person: a heading, then a line for each declaration.
std::string channel_table(const std::vector<channel_info>& channels);

} // namespace flamigo::detail
