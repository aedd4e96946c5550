#pragma once

#include <string>

#include <caf/expected.hpp>

#include "flamigo/tls/detail/openssl.hpp"

namespace flamigo::detail {

/// What the server shows to clients, with the key that proves that it is its
/// own.
struct certificate {
  openssl_ptr<X509> leaf;
  /// From it to its authority.
  openssl_ptr<STACK_OF(X509)> chain;
  openssl_ptr<EVP_PKEY> key;
};

/// Reads one from PEM files, which may be the same. The error is a sentence
/// that names the file: it cannot be read, is no PEM, has expired, or the two
/// do not belong together.
caf::expected<certificate> read_certificate(const std::string& file,
                                            const std::string& key_file);

/// Whether it is for a server of that name.
bool is_for(const certificate& what, const char* server) noexcept;

} // namespace flamigo::detail
