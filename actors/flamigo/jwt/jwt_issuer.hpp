#pragma once

#include <string>

#include "flamigo/claims/user.hpp"
#include "flamigo/jwt/detail/jwt_key.hpp"
#include "flamigo/jwt/jwt_options.hpp"

namespace flamigo {

/// Makes JSON Web Tokens that a `jwt_verifier` with the same options takes, for
/// a program that logs its users in itself, and for tests. HS256 only: with a
/// public key, the one who issues tokens is somebody else.
///
/// Copies are cheap and share the key. `issue` may be called on any thread.
class jwt_issuer {
public:
  /// Throws `std::invalid_argument`, with a sentence, for another algorithm and
  /// for a key that does not fit.
  explicit jwt_issuer(jwt_options options);

  /// A token for this user, good until `who.expiry`, in whole seconds. It
  /// carries `id`, `name` and `permissions`, not the `extras`.
  ///
  /// Throws `std::invalid_argument` for a user without an id, and for one
  /// without an expiry where the options require one: nobody would take it.
  std::string issue(const user& who) const;

private:
  // Without the key.
  jwt_options options_;
  detail::jwt_key key_;
};

} // namespace flamigo
