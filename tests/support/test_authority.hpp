#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "flamigo/tls/detail/openssl.hpp"

namespace flamigo::test {

/// Makes certificates, with keys that are new each time.
class test_authority {
public:
  struct wish {
    /// Of the subject; also the name of a server where `names` is empty.
    std::string common_name = "localhost";
    /// As OpenSSL's configuration has them: "DNS:a.example,DNS:*.b.example".
    std::string names = "DNS:localhost,IP:127.0.0.1";
    /// From now; negative for one that has expired.
    int days = 30;
    /// From now until it begins.
    int begins_in_days = -60;
    bool rsa = false;
  };

  /// All that belongs to one, in PEM.
  struct issued {
    std::string certificate;
    std::string key;

    std::string both() const {
      return certificate + key;
    }
  };

  explicit test_authority(const std::string& name = "Test CA")
    : key_(EVP_EC_gen("P-256")) {
    own_ = make(name, key_.get());
    add(own_.get(), NID_basic_constraints, "critical,CA:TRUE");
    add(own_.get(), NID_key_usage, "critical,keyCertSign");
    sign(own_.get());
  }

  std::string pem() const {
    return written([this](BIO* to) { PEM_write_bio_X509(to, own_.get()); });
  }

  X509* certificate() const noexcept {
    return own_.get();
  }

  issued issue() const {
    return issue(wish{});
  }

  issued issue(const wish& what) const {
    detail::openssl_ptr<EVP_PKEY> key{what.rsa ? EVP_RSA_gen(2048)
                                               : EVP_EC_gen("P-256")};
    auto made = make(what.common_name, key.get());
    X509_gmtime_adj(X509_getm_notBefore(made.get()),
                    what.begins_in_days * 86'400L);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), what.days * 86'400L);
    if (!what.names.empty())
      add(made.get(), NID_subject_alt_name, what.names.c_str());
    sign(made.get());
    return {written([&](BIO* to) { PEM_write_bio_X509(to, made.get()); }),
            pem_of(key.get())};
  }

  static std::string pem_of(EVP_PKEY* key, const EVP_CIPHER* cipher = nullptr) {
    return written([&](BIO* to) {
      unsigned char password[] = "secret";
      PEM_write_bio_PrivateKey(to, key, cipher,
                               cipher != nullptr ? password : nullptr,
                               cipher != nullptr ? 6 : 0, nullptr, nullptr);
    });
  }

private:
  template <class F>
  static std::string written(F f) {
    detail::openssl_ptr<BIO> to{BIO_new(BIO_s_mem())};
    f(to.get());
    char* text = nullptr;
    auto size = BIO_get_mem_data(to.get(), &text);
    return {text, static_cast<std::size_t>(size)};
  }

  detail::openssl_ptr<X509> make(const std::string& name, EVP_PKEY* key) const {
    static long serial = 1;
    detail::openssl_ptr<X509> result{X509_new()};
    X509_set_version(result.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(result.get()), serial++);
    X509_gmtime_adj(X509_getm_notBefore(result.get()), -86'400);
    X509_gmtime_adj(X509_getm_notAfter(result.get()), 30 * 86'400);
    X509_set_pubkey(result.get(), key);
    auto* subject = X509_get_subject_name(result.get());
    X509_NAME_add_entry_by_txt(
      subject, "CN", MBSTRING_UTF8,
      reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(result.get(),
                         own_ ? X509_get_subject_name(own_.get()) : subject);
    return result;
  }

  static void add(X509* to, int what, const char* value) {
    auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value);
    if (extension == nullptr)
      throw std::logic_error{value};
    X509_add_ext(to, extension, -1);
    X509_EXTENSION_free(extension);
  }

  void sign(X509* what) const {
    if (X509_sign(what, key_.get(), EVP_sha256()) == 0)
      throw std::logic_error{"X509_sign"};
  }

  detail::openssl_ptr<EVP_PKEY> key_;
  detail::openssl_ptr<X509> own_;
};

} // namespace flamigo::test
