#include "flamigo/tls/detail/peer_certificate.hpp"

#include <array>
#include <span>

#include "flamigo/io/detail/hex.hpp"

namespace flamigo::detail {

namespace {

std::string subject_of(const X509& what) {
  openssl_ptr<BIO> to{BIO_new(BIO_s_mem())};
  if (!to)
    return {};
  // As RFC 2253 has it, but with UTF-8 as it is.
  X509_NAME_print_ex(to.get(), X509_get_subject_name(&what), 0,
                     XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* text = nullptr;
  auto size = BIO_get_mem_data(to.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string fingerprint_of(const X509& what) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash;
  unsigned size = 0;
  if (X509_digest(&what, EVP_sha256(), hash.data(), &size) != 1)
    return {};
  return hex_of(std::span{hash}.first(size));
}

} // namespace

client_certificate certificate_of(const X509& what) {
  return {subject_of(what), fingerprint_of(what)};
}

} // namespace flamigo::detail
