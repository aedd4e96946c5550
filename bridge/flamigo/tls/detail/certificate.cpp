#include "flamigo/tls/detail/certificate.hpp"

#include <cerrno>
#include <cstring>
#include <ctime>
#include <system_error>
#include <utility>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "flamigo/error/error.hpp"

namespace flamigo::detail {

namespace {

caf::error failure(const std::string& file, const std::string& why) {
  ERR_clear_error();
  return make_error(errc::malformed, "tls: " + file + " " + why);
}

/// PEM may be encrypted, and OpenSSL would ask the terminal for the password.
int no_password(char*, int, int, void* was_asked) {
  if (was_asked != nullptr)
    *static_cast<bool*>(was_asked) = true;
  return -1;
}

caf::expected<openssl_ptr<BIO>> open_file(const std::string& file) {
  errno = 0;
  openssl_ptr<BIO> result{BIO_new_file(file.c_str(), "r")};
  if (result)
    return result;
  auto why = errno != 0 ? std::generic_category().message(errno)
                        : std::string{"unknown reason"};
  return failure(file, "cannot be read: " + why);
}

std::string date_of(const ASN1_TIME* time) {
  std::tm parts{};
  char text[sizeof("9999-12-31 23:59:59")];
  if (ASN1_TIME_to_tm(time, &parts) != 1
      || std::strftime(text, sizeof(text), "%F %T", &parts) == 0)
    return "a time that cannot be read";
  return std::string{text} + " UTC";
}

caf::error check_time(const X509* leaf, const std::string& file) {
  auto* end = X509_get0_notAfter(leaf);
  if (X509_cmp_current_time(end) < 0)
    return failure(file, "holds a certificate that expired at " + date_of(end)
                           + "; get a new one");
  auto* begin = X509_get0_notBefore(leaf);
  if (X509_cmp_current_time(begin) > 0)
    return failure(file, "holds a certificate that is not valid before "
                           + date_of(begin) + "; is the clock right?");
  return {};
}

caf::error read_chain(certificate& to, const std::string& file) {
  auto from = open_file(file);
  if (!from)
    return std::move(from.error());
  to.leaf.reset(
    PEM_read_bio_X509_AUX(from->get(), nullptr, no_password, nullptr));
  if (!to.leaf)
    return failure(file, "holds no certificate in PEM (-----BEGIN "
                         "CERTIFICATE-----)");
  to.chain.reset(sk_X509_new_null());
  while (
    auto* next = PEM_read_bio_X509(from->get(), nullptr, no_password, nullptr))
    sk_X509_push(to.chain.get(), next);
  auto why = ERR_peek_last_error();
  if (ERR_GET_LIB(why) != ERR_LIB_PEM
      || ERR_GET_REASON(why) != PEM_R_NO_START_LINE)
    return failure(file, "holds a certificate that cannot be read: "
                           + openssl_reason());
  ERR_clear_error();
  return check_time(to.leaf.get(), file);
}

caf::error read_key(certificate& to, const std::string& file) {
  auto from = open_file(file);
  if (!from)
    return std::move(from.error());
  auto is_locked = false;
  to.key.reset(
    PEM_read_bio_PrivateKey(from->get(), nullptr, no_password, &is_locked));
  if (to.key)
    return {};
  if (is_locked)
    return failure(file, "holds a private key with a password; `openssl pkey` "
                         "takes it off");
  return failure(file, "holds no private key in PEM (-----BEGIN PRIVATE "
                       "KEY-----)");
}

} // namespace

caf::expected<certificate> read_certificate(const std::string& file,
                                            const std::string& key_file) {
  certificate result;
  if (auto err = read_chain(result, file))
    return err;
  if (auto err = read_key(result, key_file))
    return err;
  if (X509_check_private_key(result.leaf.get(), result.key.get()) != 1)
    return failure(key_file, "holds another key than that of the certificate "
                             "in "
                               + file);
  return result;
}

bool is_for(const certificate& what, const char* server) noexcept {
  return X509_check_host(what.leaf.get(), server, std::strlen(server), 0,
                         nullptr)
         == 1;
}

} // namespace flamigo::detail
