#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <caf/expected.hpp>

#include "flamigo/json/detail/bytes_within.hpp"

namespace flamigo::detail {

/// Returns which of the inputs that these are for do not have bytes at all of
/// the places where a payload has some that came as they are: one bit for each
/// of the first 32. A place is the number of the character where a text begins,
/// as `read_numbers` takes them; the finder of an input may be null. Fails with
/// `invalid_payload` and where no bytes should be if none of them has.
caf::expected<std::uint32_t>
check_bytes(const std::vector<bytes_finder>& inputs, std::string_view payload,
            std::string_view places);

} // namespace flamigo::detail
