#pragma once

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "flamigo/jwt/detail/openssl.hpp"

/// What an issuer of tokens does: keys, signatures and the compact form.
namespace flamigo::test {

// -- encoding -----------------------------------------------------------------

inline std::string base64url(std::string_view bytes) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "abcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string result;
  unsigned bits = 0;
  int count = 0;
  for (auto c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6)
      result.push_back(digits[bits >> (count - 6) & 63]);
  }
  if (count > 0)
    result.push_back(digits[bits << (6 - count) & 63]);
  return result;
}

// -- keys ---------------------------------------------------------------------

/// A key to sign with.
class jwt_signer {
public:
  static jwt_signer secret(std::string_view bytes) {
    return {"HS256", EVP_PKEY_new_raw_private_key(EVP_PKEY_HMAC, nullptr,
                                                  detail::bytes_of(bytes),
                                                  bytes.size())};
  }

  static jwt_signer rsa(int bits, int type = EVP_PKEY_RSA) {
    detail::evp_pkey_ctx_ptr ctx{EVP_PKEY_CTX_new_id(type, nullptr)};
    EVP_PKEY* key = nullptr;
    if (EVP_PKEY_keygen_init(ctx.get()) == 1
        && EVP_PKEY_CTX_set_rsa_keygen_bits(ctx.get(), bits) == 1)
      EVP_PKEY_generate(ctx.get(), &key);
    return {"RS256", key};
  }

  static jwt_signer curve(const char* name = "P-256") {
    return {"ES256", EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", name)};
  }

  const std::string& algorithm() const {
    return algorithm_;
  }

  EVP_PKEY* key() const {
    return key_.get();
  }

  std::string public_pem() const {
    detail::bio_ptr out{BIO_new(BIO_s_mem())};
    PEM_write_bio_PUBKEY(out.get(), key_.get());
    return content_of(out.get());
  }

  std::string private_pem() const {
    detail::bio_ptr out{BIO_new(BIO_s_mem())};
    PEM_write_bio_PrivateKey(out.get(), key_.get(), nullptr, nullptr, 0,
                             nullptr, nullptr);
    return content_of(out.get());
  }

  /// In the binary form of RFC 7518.
  std::string sign(std::string_view text) const {
    detail::evp_md_ctx_ptr ctx{EVP_MD_CTX_new()};
    std::array<unsigned char, 1024> out;
    auto size = out.size();
    if (EVP_DigestSignInit(ctx.get(), nullptr, EVP_sha256(), nullptr,
                           key_.get())
          != 1
        || EVP_DigestSign(ctx.get(), out.data(), &size, detail::bytes_of(text),
                          text.size())
             != 1)
      throw std::runtime_error{"cannot sign"};
    return algorithm_ == "ES256" ? from_der(out.data(), size)
                                 : std::string{out.data(), out.data() + size};
  }

  /// A token of any header and payload.
  std::string token(std::string_view header, std::string_view payload) const {
    auto text = base64url(header) + "." + base64url(payload);
    return text + "." + base64url(sign(text));
  }

  std::string token(std::string_view payload) const {
    return token(R"({"typ":"JWT","alg":")" + algorithm_ + R"("})", payload);
  }

private:
  jwt_signer(std::string algorithm, EVP_PKEY* key)
    : algorithm_(std::move(algorithm)), key_(key) {
    if (key == nullptr)
      throw std::runtime_error{"cannot make a key"};
  }

  static std::string content_of(BIO* bio) {
    std::array<char, 8192> buf;
    auto size = BIO_read(bio, buf.data(), static_cast<int>(buf.size()));
    return {buf.data(), static_cast<std::size_t>(size)};
  }

  static std::string from_der(const unsigned char* der, std::size_t size) {
    detail::ecdsa_sig_ptr sig{
      d2i_ECDSA_SIG(nullptr, &der, static_cast<long>(size))};
    std::array<unsigned char, 64> out;
    BN_bn2binpad(ECDSA_SIG_get0_r(sig.get()), out.data(), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(sig.get()), out.data() + 32, 32);
    return {out.begin(), out.end()};
  }

  std::string algorithm_;
  detail::evp_pkey_ptr key_;
};

} // namespace flamigo::test
