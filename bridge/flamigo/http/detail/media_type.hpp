#pragma once

#include <string_view>

namespace flamigo::detail {

/// The media type of a file by the end of its name; `application/octet-stream`
/// if nothing is known of it.
std::string_view media_type_of(std::string_view name) noexcept;

} // namespace flamigo::detail
