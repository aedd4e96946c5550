#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "flamigo/jwt/jwt_algorithm.hpp"

// OpenSSL's EVP_PKEY; its headers are for source files.
struct evp_pkey_st;

namespace flamigo::detail {

/// A key that verifies signatures by one algorithm (RFC 7518, 3). Copies share
/// it; it does not change and may be used on any thread.
class jwt_key {
public:
  /// Throws `std::invalid_argument` for a key that does not fit, see
  /// `jwt_options::key`.
  jwt_key(jwt_algorithm algorithm, std::string_view key);

  /// Returns whether `signature`, in the binary form of RFC 7518, is one of
  /// `text`. Leaves nothing in the thread's queue of OpenSSL's errors.
  bool verifies(std::string_view text, std::string_view signature) const;

  /// Signs a text. Only for HS256, whose key is the secret itself.
  std::string sign(std::string_view text) const;

private:
  jwt_algorithm algorithm_;
  std::shared_ptr<evp_pkey_st> key_;
};

/// Overwrites a secret, then empties it.
void wipe(std::string& secret) noexcept;

} // namespace flamigo::detail
