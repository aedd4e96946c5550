#pragma once

#include <cstdint>
#include <string>

namespace flamigo::detail {

/// Returns a regular expression (ECMA-262) of the integers from `min`, which is
/// not above 0, to `max`, each in its one way of being written.
std::string integer_pattern(std::int64_t min, std::uint64_t max);

} // namespace flamigo::detail
