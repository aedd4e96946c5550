#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include "flamigo/claims/claims.hpp"
#include "flamigo/claims/validator.hpp"

namespace flamigo {

class authenticator;

} // namespace flamigo

namespace flamigo::detail {

struct server_core;

/// What stands before a handler: who may. A guard that is empty lets everyone
/// in, and looks at no token.
class request_gate {
public:
  /// The core must outlive it. The token is the one of the request.
  request_gate(const validator& guard, const server_core& core,
               std::string_view token);

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

  /// The claims as those of a user who has been proved, unless he cannot be
  /// one.
  caf::expected<claims_ptr> sign_in(const claims& guest, user who) const;

private:
  validator guard_;
  const server_core& core_;
  std::string token_;
};

} // namespace flamigo::detail
