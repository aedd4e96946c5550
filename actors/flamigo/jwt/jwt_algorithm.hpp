#pragma once

#include <cstdint>
#include <string>

namespace flamigo {

/// How a JSON Web Token is signed (RFC 7518, 3.1). `none` is not among them.
enum class jwt_algorithm : std::uint8_t {
  /// HMAC with SHA-256: who can verify can sign as well.
  hs256,
  /// RSASSA-PKCS1-v1_5 with SHA-256.
  rs256,
  /// ECDSA on the curve P-256 with SHA-256.
  es256,
};

/// Returns the name in a token's header, e.g. `HS256`. Throws
/// `std::invalid_argument` for a value that is no algorithm.
std::string to_string(jwt_algorithm algorithm);

} // namespace flamigo
