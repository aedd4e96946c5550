#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace flamigo::detail {

/// Appends the numbers of a list such as `7,12`. False if it is no such thing.
bool read_numbers(std::string_view text, std::vector<std::size_t>& out);

/// Appends one more to such a text, with a comma if it is not the first.
void append_number(std::string& out, std::size_t number, bool first);

} // namespace flamigo::detail
