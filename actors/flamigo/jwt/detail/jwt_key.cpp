#include "flamigo/jwt/detail/jwt_key.hpp"

#include <array>
#include <cstddef>
#include <stdexcept>
#include <vector>

#include "flamigo/jwt/detail/jwt_key_file.hpp"
#include "flamigo/jwt/detail/openssl.hpp"

namespace flamigo::detail {

namespace {

/// Empty when OpenSSL fails, which it does without memory only.
std::string sign_hmac(EVP_PKEY* key, std::string_view text) {
  evp_md_ctx_ptr ctx{EVP_MD_CTX_new()};
  std::array<unsigned char, EVP_MAX_MD_SIZE> result;
  auto size = result.size();
  if (ctx == nullptr
      || EVP_DigestSignInit(ctx.get(), nullptr, EVP_sha256(), nullptr, key) != 1
      || EVP_DigestSign(ctx.get(), result.data(), &size, bytes_of(text),
                        text.size())
           != 1)
    return {};
  return {result.data(), result.data() + size};
}

bool verify_hmac(EVP_PKEY* key, std::string_view text,
                 std::string_view signature) {
  auto expected = sign_hmac(key, text);
  return !expected.empty()
         && expected.size() == signature.size()
         // In constant time: else the time would tell how much of it is right.
         && CRYPTO_memcmp(expected.data(), signature.data(), expected.size())
              == 0;
}

bool verify_public(EVP_PKEY* key, std::string_view text,
                   const unsigned char* signature, std::size_t size) {
  evp_md_ctx_ptr ctx{EVP_MD_CTX_new()};
  return ctx != nullptr
         && EVP_DigestVerifyInit(ctx.get(), nullptr, EVP_sha256(), nullptr, key)
              == 1
         && EVP_DigestVerify(ctx.get(), signature, size, bytes_of(text),
                             text.size())
              == 1;
}

// From two numbers of 32 bytes each (RFC 7518, 3.4), the only form there is in
// a token, to the DER that OpenSSL wants. Empty for anything else.
std::vector<unsigned char> to_der(std::string_view signature) {
  constexpr int half = 32;
  if (signature.size() != std::size_t{half} + half)
    return {};
  bignum_ptr r{BN_bin2bn(bytes_of(signature), half, nullptr)};
  bignum_ptr s{BN_bin2bn(bytes_of(signature) + half, half, nullptr)};
  ecdsa_sig_ptr sig{ECDSA_SIG_new()};
  if (r == nullptr || s == nullptr || sig == nullptr
      || ECDSA_SIG_set0(sig.get(), r.get(), s.get()) != 1)
    return {};
  // They belong to it now.
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  auto size = i2d_ECDSA_SIG(sig.get(), nullptr);
  if (size <= 0)
    return {};
  std::vector<unsigned char> result(static_cast<std::size_t>(size));
  auto pos = result.data();
  if (i2d_ECDSA_SIG(sig.get(), &pos) != size)
    return {};
  return result;
}

} // namespace

jwt_key::jwt_key(jwt_algorithm algorithm, std::string_view key)
  : algorithm_(algorithm), key_(load_jwt_key(algorithm, key)) {
  // nop
}

bool jwt_key::verifies(std::string_view text,
                       std::string_view signature) const {
  openssl_errors dropped;
  switch (algorithm_) {
    case jwt_algorithm::hs256:
      return verify_hmac(key_.get(), text, signature);
    case jwt_algorithm::rs256:
      return verify_public(key_.get(), text, bytes_of(signature),
                           signature.size());
    case jwt_algorithm::es256:
      auto der = to_der(signature);
      return !der.empty()
             && verify_public(key_.get(), text, der.data(), der.size());
  }
  return false;
}

std::string jwt_key::sign(std::string_view text) const {
  openssl_errors dropped;
  auto result = algorithm_ == jwt_algorithm::hs256 ? sign_hmac(key_.get(), text)
                                                   : std::string{};
  if (result.empty())
    throw std::logic_error{"this key cannot sign"};
  return result;
}

void wipe(std::string& secret) noexcept {
  OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

} // namespace flamigo::detail
