#pragma once

#include <cstddef>
#include <exception>
#include <system_error>

#include "flamigo/http/server_options.hpp"

namespace flamigo::detail {

/// The code of what was thrown while a server started. Needs no memory, which
/// there may be none of.
std::error_code code_of(const std::exception& why) noexcept;

/// What a server of so many I/O threads throws for that, with a sentence that
/// says what to do about it.
std::system_error start_failure(const server_options& options,
                                std::size_t threads,
                                const std::error_code& code);

} // namespace flamigo::detail
