#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include "flamigo/claims/user.hpp"
#include "flamigo/jwt/detail/jwt_key.hpp"
#include "flamigo/jwt/jwt_options.hpp"

namespace flamigo {

namespace detail {

struct jwt_claims;

} // namespace detail

/// Turns JSON Web Tokens into users: the compact form of RFC 7515 with the
/// claims of RFC 7519, checked as RFC 8725 advises. It neither fetches keys nor
/// reads encrypted tokens, and a token that was withdrawn stays good until it
/// expires.
///
/// Copies are cheap and share the key. All members may be called on any thread
/// at the same time, none of them waits.
class jwt_verifier {
public:
  /// Of the clock that `exp` is about.
  using time_point = std::chrono::system_clock::time_point;

  /// Throws `std::invalid_argument`, with a sentence, for a key that does not
  /// fit the algorithm and for a leeway out of range.
  explicit jwt_verifier(jwt_options options);

  /// Returns whom a token speaks of, or `errc::unauthorized`. Its cause says
  /// what was wrong, in words that are ours: neither the token nor the key are
  /// in it.
  ///
  /// - `sub` is the user's `id`: required, and not empty;
  /// - `name` is the `name`;
  /// - `permissions`, an array of strings, are the `permissions`; without it
  ///   the words of `scope` (RFC 8693, 4.2);
  /// - `exp` is the `expiry`, without the leeway;
  /// - any other claim that is a text is one of the `extras`.
  ///
  /// `nbf` and `iat` may be missing, but must not lie in the future. A claim
  /// above that has another type, even `null`, and one that stands twice make
  /// the token invalid, as does a time beyond what the system's clock can hold
  /// (the year 2262): it is most likely given in milliseconds.
  caf::expected<user> verify(std::string_view token) const;

  /// As above, as if it were `now`.
  caf::expected<user> verify(std::string_view token, time_point now) const;

private:
  caf::error check_header(std::string_view json) const;

  caf::error judge(const detail::jwt_claims& claims, time_point now) const;

  // Without the key.
  jwt_options options_;
  // What a header's `alg` has to be.
  std::string algorithm_;
  detail::jwt_key key_;
};

} // namespace flamigo
