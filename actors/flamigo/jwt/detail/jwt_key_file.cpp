#include "flamigo/jwt/detail/jwt_key_file.hpp"

#include <array>
#include <limits>
#include <stdexcept>
#include <string>

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "flamigo/jwt/detail/openssl.hpp"

namespace flamigo::detail {

namespace {

[[noreturn]] void refuse(jwt_algorithm algorithm, const std::string& why) {
  throw std::invalid_argument{"the key for " + to_string(algorithm) + " "
                              + why};
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// An attacker has a public key, too, so it must not become a secret by mistake
// (RFC 8725, 2.1). It is known by its usual forms: PEM, DER, SSH and JWK.
bool is_key_file(std::string_view key) {
  if (has(key, "-----BEGIN ") || has(key, "ssh-rsa ") || has(key, "ecdsa-sha2-")
      || has(key, "\"kty\""))
    return true;
  if (key.size() > std::numeric_limits<int>::max())
    return false;
  auto pos = bytes_of(key);
  evp_pkey_ptr parsed{d2i_PUBKEY(nullptr, &pos, static_cast<long>(key.size()))};
  return parsed != nullptr;
}

evp_pkey_ptr load_secret(jwt_algorithm algorithm, std::string_view key) {
  if (is_key_file(key))
    refuse(algorithm, "is the file of a key, and what others may know is no "
                      "secret: choose RS256 or ES256 for it, or make a secret "
                      "with `openssl rand -hex 32`");
  if (key.size() < 32)
    refuse(algorithm, "is shorter than 32 bytes (RFC 7518, 3.2): `openssl rand "
                      "-hex 32` makes one");
  return evp_pkey_ptr{EVP_PKEY_new_raw_private_key(EVP_PKEY_HMAC, nullptr,
                                                   bytes_of(key), key.size())};
}

// OpenSSL would ask the terminal for the password of an encrypted file.
int no_password(char*, int, int, void*) {
  return -1;
}

evp_pkey_ptr load_public(jwt_algorithm algorithm, std::string_view key) {
  if (has(key, "PRIVATE KEY-----"))
    refuse(algorithm, "is a private key, which only who signs should have: "
                      "`openssl pkey -pubout -in FILE` shows the public one");
  // A second one would be ignored.
  constexpr std::string_view begin = "-----BEGIN ";
  if (has(key, begin) && has(key.substr(key.find(begin) + 1), begin))
    refuse(algorithm, "must be one key, but there are several in it");
  evp_pkey_ptr result;
  if (key.size() <= std::numeric_limits<int>::max()) {
    bio_ptr bio{BIO_new_mem_buf(key.data(), static_cast<int>(key.size()))};
    if (bio != nullptr)
      result.reset(
        PEM_read_bio_PUBKEY(bio.get(), nullptr, no_password, nullptr));
  }
  if (result == nullptr)
    refuse(algorithm, "must be a public key as PEM, which begins with "
                      "-----BEGIN PUBLIC KEY-----");
  return result;
}

void check_rsa(jwt_algorithm algorithm, const EVP_PKEY* key) {
  // Not RSA-PSS, which has the same numbers and other signatures.
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA)
    refuse(algorithm, "is not an RSA key");
  if (EVP_PKEY_get_bits(key) < 2048)
    refuse(algorithm, "is shorter than 2048 bits (RFC 7518, 3.3)");
}

void check_curve(jwt_algorithm algorithm, const EVP_PKEY* key) {
  std::array<char, 64> name{};
  // A curve given by its numbers has no name, and could be any.
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC
      || EVP_PKEY_get_group_name(key, name.data(), name.size(), nullptr) != 1
      || std::string_view{name.data()} != SN_X9_62_prime256v1)
    refuse(algorithm, "is not on the curve P-256 (RFC 7518, 3.4)");
}

} // namespace

std::shared_ptr<evp_pkey_st> load_jwt_key(jwt_algorithm algorithm,
                                          std::string_view key) {
  openssl_errors dropped;
  auto secret = algorithm == jwt_algorithm::hs256;
  auto result = secret ? load_secret(algorithm, key)
                       : load_public(algorithm, key);
  if (algorithm == jwt_algorithm::rs256)
    check_rsa(algorithm, result.get());
  if (algorithm == jwt_algorithm::es256)
    check_curve(algorithm, result.get());
  if (!secret) {
    // E.g. an exponent of 1, by which everybody signs.
    evp_pkey_ctx_ptr ctx{EVP_PKEY_CTX_new(result.get(), nullptr)};
    if (ctx == nullptr || EVP_PKEY_public_check(ctx.get()) != 1)
      refuse(algorithm, "has numbers that do not make a key");
  }
  if (result == nullptr)
    refuse(algorithm, "was refused by OpenSSL");
  return std::shared_ptr<evp_pkey_st>{std::move(result)};
}

} // namespace flamigo::detail
