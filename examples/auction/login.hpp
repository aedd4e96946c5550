#pragma once

#include <string_view>

#include <caf/expected.hpp>

#include <flamigo/flamigo.hpp>

namespace auction {

/// Whose a token is. For a demo only: the token of Ada is `demo-Ada`, so
/// anybody can be anybody. The chat example has tokens that prove something.
caf::expected<flamigo::user> user_of_token(std::string_view token,
                                           const flamigo::claims& handshake);

} // namespace auction
