#pragma once

#include <functional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include <caf/actor.hpp>
#include <caf/expected.hpp>

#include "flamigo/auth/credentials.hpp"
#include "flamigo/claims/user.hpp"
#include "flamigo/jwt/jwt_verifier.hpp"

namespace flamigo {

/// How an application finds out whose a token is. The strategy `websocket:auth`
/// asks it (`add_auth_strategy`).
///
/// It may be
/// - a function `(std::string_view token, const claims& handshake) ->
///   caf::expected<user>`. It runs on the I/O threads, on several at once, and
///   must not block;
/// - an actor, for whoever has to wait for a database or another server. It
///   gets `credentials` as a request and answers a `user` or an error;
/// - a `jwt_verifier`.
///
/// An error is what the client reads; `errc::unauthorized` is the usual one. If
/// the token is part of its text it is replaced, so that it gets neither into
/// the log nor to the client.
class authenticator {
public:
  /// Runs on the I/O threads, on several at once.
  using function
    = std::function<caf::expected<user>(std::string_view, const claims&)>;

  /// Verifies by a function `(token, handshake)`, as above.
  template <class F>
    requires(
      !std::is_convertible_v<
        F, caf::actor> && !std::is_same_v<std::decay_t<F>, authenticator>)
  authenticator(F check) { // NOLINT: implicit, for `app.authenticate(f)`
    static_assert(std::is_invocable_r_v<caf::expected<user>, const F&,
                                        std::string_view, const claims&>,
                  "what authenticates takes (std::string_view token, const "
                  "flamigo::claims& handshake), returns a "
                  "caf::expected<flamigo::user>, and "
                  "does not change itself, because several threads call it");
    static_assert(std::is_nothrow_destructible_v<F>,
                  "what this authenticator has captured may throw when it is "
                  "destroyed, which would end the program: make its destructor "
                  "noexcept");
    service_ = function{std::move(check)};
  }

  /// Verifies by an actor, which gets `credentials`.
  authenticator(caf::actor service); // NOLINT: implicit

  /// Verifies JSON Web Tokens.
  authenticator(jwt_verifier verifier); // NOLINT: implicit

  /// The actor that is to be asked, or null. Whoever spawned it, or the
  /// application that it was given to, ends it.
  caf::actor service() const;

  /// Asks the function, of which there is one where there is no actor. What it
  /// throws is an error (`errc::internal`). Thread-safe.
  caf::expected<user> verify(std::string_view token,
                             const claims& handshake) const;

private:
  std::variant<function, caf::actor> service_;
};

} // namespace flamigo
