#include <stdexcept>
#include <string>
#include <vector>

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "support/jwt_fixture.hpp"

using namespace flamigo;
using namespace flamigo::test;
using Catch::Matchers::ContainsSubstring;

namespace {

// Returns what is said about a key that does not fit.
std::string complaint(jwt_algorithm algorithm, const std::string& key) {
  try {
    jwt_verifier verifier{{.algorithm = algorithm, .key = key}};
  } catch (const std::invalid_argument& err) {
    std::string what = err.what();
    INFO(what);
    CHECK_THAT(what, ContainsSubstring(to_string(algorithm)));
    // The lines that begin and end a file are no secret.
    for (std::size_t i = 0; i + 16 <= key.size(); ++i)
      if (auto part = key.substr(i, 16);
          part.find_first_of("- ") == std::string::npos
          && what.find(part) != std::string::npos)
        FAIL_CHECK("the key is told");
    return what;
  }
  return "taken";
}

std::string der_of(const jwt_signer& signer) {
  unsigned char* out = nullptr;
  auto size = i2d_PUBKEY(signer.key(), &out);
  std::string result(out, out + size);
  OPENSSL_free(out);
  return result;
}

// The public key of `signer`, but with 1 for its exponent.
std::string with_exponent_one(const jwt_signer& signer) {
  BIGNUM* n = nullptr;
  EVP_PKEY_get_bn_param(signer.key(), OSSL_PKEY_PARAM_RSA_N, &n);
  detail::bignum_ptr modulus{n};
  auto builder = OSSL_PARAM_BLD_new();
  OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n);
  OSSL_PARAM_BLD_push_ulong(builder, OSSL_PKEY_PARAM_RSA_E, 1);
  auto params = OSSL_PARAM_BLD_to_param(builder);
  detail::evp_pkey_ctx_ptr ctx{
    EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr)};
  EVP_PKEY* key = nullptr;
  EVP_PKEY_fromdata_init(ctx.get());
  EVP_PKEY_fromdata(ctx.get(), &key, EVP_PKEY_PUBLIC_KEY, params);
  OSSL_PARAM_free(params);
  OSSL_PARAM_BLD_free(builder);
  detail::evp_pkey_ptr owner{key};
  detail::bio_ptr out{BIO_new(BIO_s_mem())};
  PEM_write_bio_PUBKEY(out.get(), key);
  std::string result(4096, '\0');
  auto size = BIO_read(out.get(), result.data(), 4096);
  result.resize(static_cast<std::size_t>(size));
  return result;
}

} // namespace

TEST_CASE("the secret of a jwt has at least 32 bytes") {
  CHECK_THAT(complaint(jwt_algorithm::hs256, ""), ContainsSubstring("32"));
  CHECK_THAT(complaint(jwt_algorithm::hs256, std::string(31, 'x')),
             ContainsSubstring("32"));
  CHECK(complaint(jwt_algorithm::hs256, std::string(32, 'x')) == "taken");
  CHECK(complaint(jwt_algorithm::hs256, std::string(32, '\0')) == "taken");
}

TEST_CASE("a key that others may know is no secret of a jwt") {
  auto pem = jwt_rsa().public_pem();
  for (auto& key :
       {pem, " \n" + pem, "text\n" + pem, jwt_curve().public_pem(),
        jwt_rsa().private_pem(), der_of(jwt_rsa()), der_of(jwt_curve()),
        std::string{"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 me@example"},
        std::string{
          R"({"kty":"RSA","e":"AQAB","n":"u1SU1LfVLPHCozMxH2Mo4lg"})"}})
    CHECK_THAT(complaint(jwt_algorithm::hs256, key),
               ContainsSubstring("no secret"));
}

TEST_CASE("the key of a jwt has to be of its algorithm") {
  auto rsa = jwt_algorithm::rs256;
  auto curve = jwt_algorithm::es256;
  CHECK(complaint(rsa, jwt_rsa().public_pem()) == "taken");
  CHECK(complaint(rsa, "a comment\n" + jwt_rsa().public_pem()) == "taken");
  CHECK(complaint(curve, jwt_curve().public_pem()) == "taken");
  CHECK_THAT(complaint(rsa, jwt_curve().public_pem()),
             ContainsSubstring("not an RSA key"));
  CHECK_THAT(complaint(curve, jwt_rsa().public_pem()),
             ContainsSubstring("P-256"));
  CHECK_THAT(complaint(rsa,
                       jwt_signer::rsa(2048, EVP_PKEY_RSA_PSS).public_pem()),
             ContainsSubstring("not an RSA key"));
  for (auto name : {"P-384", "secp256k1", "P-224"})
    CHECK_THAT(complaint(curve, jwt_signer::curve(name).public_pem()),
               ContainsSubstring("P-256"));
}

TEST_CASE("a weak key is none for a jwt") {
  CHECK_THAT(complaint(jwt_algorithm::rs256,
                       jwt_signer::rsa(1024).public_pem()),
             ContainsSubstring("2048"));
  CHECK_THAT(complaint(jwt_algorithm::rs256, with_exponent_one(jwt_rsa())),
             ContainsSubstring("do not make a key"));
}

TEST_CASE("the public key of a jwt is one key as PEM") {
  for (auto algorithm : {jwt_algorithm::rs256, jwt_algorithm::es256}) {
    auto& signer = algorithm == jwt_algorithm::rs256 ? jwt_rsa() : jwt_curve();
    auto pem = signer.public_pem();
    for (auto& key :
         {std::string{}, jwt_secret, pem.substr(0, pem.size() / 2),
          pem.substr(10), der_of(signer), '\0' + pem,
          std::string{"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC "
                      "KEY-----\n"},
          // No password is asked for.
          std::string{
            "-----BEGIN PUBLIC KEY-----\nProc-Type: 4,ENCRYPTED\n"
            "DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n"
            "\nAAAAAAAAAAAAAAAAAAAAAA==\n-----END PUBLIC KEY-----\n"}})
      CHECK_THAT(complaint(algorithm, key),
                 ContainsSubstring("must be a public key as PEM"));
    CHECK_THAT(complaint(algorithm, signer.private_pem()),
               ContainsSubstring("is a private key"));
    CHECK_THAT(complaint(algorithm, pem + pem), ContainsSubstring("several"));
  }
}

TEST_CASE("the leeway of a jwt is no more than an hour") {
  using namespace std::chrono_literals;
  auto options = options_of(jwt_hmac());
  for (auto leeway : {-1s, 3'601s, std::chrono::seconds::max()}) {
    options.leeway = leeway;
    CHECK_THROWS_AS(jwt_verifier{options}, std::invalid_argument);
  }
  for (auto leeway : {0s, 3'600s}) {
    options.leeway = leeway;
    CHECK_NOTHROW(jwt_verifier{options});
  }
}

TEST_CASE("an unknown algorithm of a jwt is refused") {
  auto options = options_of(jwt_hmac());
  options.algorithm = static_cast<jwt_algorithm>(17);
  CHECK_THROWS_AS(jwt_verifier{options}, std::invalid_argument);
}
