#pragma once

#include <string_view>

namespace flamigo::detail {

/// The description of the publishing API, as OpenAPI 3.1 has it.
std::string_view openapi_document() noexcept;

} // namespace flamigo::detail
