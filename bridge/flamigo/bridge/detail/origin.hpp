#pragma once

#include <string_view>

namespace flamigo::detail {

/// Whether a text is an origin as browsers send it (RFC 6454, 6.2), or `*`.
bool is_allowed_origin(std::string_view text) noexcept;

} // namespace flamigo::detail
