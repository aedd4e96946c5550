#pragma once

#include <string_view>

#include <caf/error.hpp>

namespace flamigo::detail {

/// An error of the application about this token: as it is, or, if it quotes the
/// token or a part of it, one of the same kind that does not, so that the token
/// gets neither into the log nor to the client.
caf::error without_token(caf::error why, std::string_view token);

} // namespace flamigo::detail
