#pragma once

#include <span>
#include <string>

namespace flamigo::detail {

/// Two hexadecimal digits a byte, in lower case.
std::string hex_of(std::span<const unsigned char> bytes);

} // namespace flamigo::detail
