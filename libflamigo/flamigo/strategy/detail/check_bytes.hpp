#pragma once

#include <string_view>
#include <vector>

#include <caf/error.hpp>

#include "flamigo/json/detail/bytes_within.hpp"

namespace flamigo::detail {

/// Whether one of the inputs that these are for has bytes at all of the places
/// where a payload has some that came as they are: the numbers of the
/// characters where their texts begin, as `read_numbers` takes them. Else
/// `invalid_payload`, with where they should not be. An input may be null.
caf::error check_bytes(const std::vector<bytes_finder>& inputs,
                       std::string_view payload, std::string_view places);

} // namespace flamigo::detail
