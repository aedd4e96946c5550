#pragma once

#include <vector>

#include "flamigo/access/door.hpp"

namespace flamigo {

class channel_registry;
class configuration;
class strategy_registry;

} // namespace flamigo

namespace flamigo::detail {

/// Prints what the command line asks to know of a program that is not to serve.
/// Returns the status to exit with.
int print_listing(const configuration& asked,
                  const strategy_registry& strategies,
                  const channel_registry& channels,
                  const std::vector<door>& doors);

} // namespace flamigo::detail
