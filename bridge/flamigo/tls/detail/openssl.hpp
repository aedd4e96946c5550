#pragma once

#include <memory>
#include <string>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace flamigo::detail {

/// Gives back what OpenSSL has made.
struct openssl_delete {
  void operator()(BIO* x) const noexcept {
    BIO_free(x);
  }

  void operator()(EVP_PKEY* x) const noexcept {
    EVP_PKEY_free(x);
  }

  void operator()(SSL* x) const noexcept {
    SSL_free(x);
  }

  void operator()(SSL_CTX* x) const noexcept {
    SSL_CTX_free(x);
  }

  void operator()(X509* x) const noexcept {
    X509_free(x);
  }

  void operator()(STACK_OF(X509) * x) const noexcept {
    sk_X509_pop_free(x, X509_free);
  }
};

template <class T>
using openssl_ptr = std::unique_ptr<T, openssl_delete>;

/// What OpenSSL says of the last call of this thread that has failed, which it
/// forgets.
std::string openssl_reason();

} // namespace flamigo::detail
