#pragma once

#include <string>

#include <caf/error.hpp>

namespace flamigo::detail {

/// The error for a token that is refused. Only the log sees the reason, and
/// it must be made of our own words: neither the token nor the key.
caf::error invalid_token(const std::string& reason);

/// The error for a token that was good once: the client can get another one.
caf::error expired_token();

} // namespace flamigo::detail
