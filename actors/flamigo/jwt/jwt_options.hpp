#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "flamigo/jwt/jwt_algorithm.hpp"

namespace flamigo {

/// Which JSON Web Tokens are taken. One key and one algorithm: a token does not
/// get to choose (RFC 8725, 3.1).
struct jwt_options {
  // All have an initializer: g++ warns of what designated ones leave out else.

  /// The only one that is taken.
  jwt_algorithm algorithm = jwt_algorithm::hs256;

  /// For HS256 the secret, at least 32 bytes (RFC 7518, 3.2). It is used as it
  /// is: without decoding hex or base64, and with the line break that a file
  /// may end with. Else the public key as PEM (`-----BEGIN PUBLIC KEY-----`):
  /// RSA of at least 2048 bits (RFC 7518, 3.3), or a point on P-256.
  std::string key{};

  /// What the claim `iss` has to be. Empty: not asked for.
  std::string issuer{};

  /// What the claim `aud` has to be or to contain. Empty: not asked for, and
  /// then a token that was made for another service of the same issuer is good
  /// here, too.
  std::string audience{};

  /// How far the clocks of issuer and server may differ, at most an hour.
  std::chrono::seconds leeway{30};

  /// A longer token is refused before anything in it is read.
  std::size_t max_bytes = 16'384;

  /// Whether a token without `exp`, which is good until the key changes, is
  /// refused.
  bool require_expiry = true;
};

} // namespace flamigo
