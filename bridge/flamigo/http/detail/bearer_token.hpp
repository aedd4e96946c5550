#pragma once

#include <string_view>

namespace flamigo::detail {

/// The token of a header `Authorization: Bearer` (RFC 6750, 2.1); empty where
/// there is none.
std::string_view bearer_of(std::string_view header);

} // namespace flamigo::detail
