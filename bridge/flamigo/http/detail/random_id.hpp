#pragma once

#include <string>

namespace flamigo::detail {

/// 128 random bits in hex, so that an id can neither be guessed nor come twice.
/// Throws std::runtime_error if there are none to be had.
std::string random_id();

} // namespace flamigo::detail
