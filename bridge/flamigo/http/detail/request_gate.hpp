#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include "flamigo/claims/claims.hpp"

namespace flamigo {

class authenticator;

} // namespace flamigo

namespace flamigo::detail {

struct http_route;
struct server_core;

/// What stands before a handler: who may, and how often. A guard that is empty
/// lets everyone in, and looks at no token.
class request_gate {
public:
  /// Route and core must outlive it. The token is the one of the request, and
  /// whoever is nobody counts under this name.
  request_gate(const http_route& route, server_core& core,
               std::string_view token, std::string guest);

  /// What is to be verified; empty for nothing.
  std::string_view token() const noexcept {
    return token_;
  }

  /// Who verifies it.
  /// @pre there is a token
  const authenticator& verifier() const noexcept;

  /// Whether whoever has these claims may. The error of a guest says that he
  /// would have to be a user, where one can become one.
  caf::error check(const claims& who) const;

  /// Counts the request, or says how long to wait with another one.
  caf::error count(const claims& who,
                   std::chrono::steady_clock::time_point now) const;

  /// The claims as those of a user who has been proved, unless he cannot be
  /// one.
  caf::expected<claims_ptr> sign_in(const claims& guest, user who) const;

private:
  const http_route& route_;
  server_core& core_;
  std::string token_;
  std::string guest_;
};

} // namespace flamigo::detail
