#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <caf/expected.hpp>

#include "flamigo/claims/user.hpp"

namespace flamigo::detail {

/// What a token claims (RFC 7519, 4.1): well-formed, but not judged.
struct jwt_claims {
  user who;
  std::optional<std::string> issuer;
  std::vector<std::string> audience;
  std::optional<std::chrono::system_clock::time_point> not_before;
  std::optional<std::chrono::system_clock::time_point> issued_at;
};

/// Reads a payload. A claim of the wrong type makes the token invalid.
caf::expected<jwt_claims> read_jwt_claims(std::string_view json);

} // namespace flamigo::detail
