#pragma once

// For source files only.

#include <memory>
#include <string_view>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>

namespace flamigo::detail {

/// Calls a function of OpenSSL's as a deleter.
template <auto F>
struct openssl_free {
  template <class T>
  void operator()(T* x) const noexcept {
    F(x);
  }
};

using bio_ptr = std::unique_ptr<BIO, openssl_free<&BIO_free>>;
using bignum_ptr = std::unique_ptr<BIGNUM, openssl_free<&BN_free>>;
using ecdsa_sig_ptr = std::unique_ptr<ECDSA_SIG, openssl_free<&ECDSA_SIG_free>>;
using evp_md_ctx_ptr
  = std::unique_ptr<EVP_MD_CTX, openssl_free<&EVP_MD_CTX_free>>;
using evp_pkey_ctx_ptr
  = std::unique_ptr<EVP_PKEY_CTX, openssl_free<&EVP_PKEY_CTX_free>>;
using evp_pkey_ptr = std::unique_ptr<EVP_PKEY, openssl_free<&EVP_PKEY_free>>;

/// Drops the errors that OpenSSL reports while this lives. Its queue belongs to
/// the thread: a TLS connection of the application would take what it finds
/// there for an error of its own.
class openssl_errors {
public:
  openssl_errors() noexcept {
    ERR_set_mark();
  }

  openssl_errors(const openssl_errors&) = delete;

  openssl_errors& operator=(const openssl_errors&) = delete;

  ~openssl_errors() {
    ERR_pop_to_mark();
  }
};

inline const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

} // namespace flamigo::detail
