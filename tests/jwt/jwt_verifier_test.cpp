#include "flamigo/jwt/jwt_verifier.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "support/jwt_fixture.hpp"

using namespace flamigo;
using namespace flamigo::test;
using Catch::Matchers::ContainsSubstring;

// -- good tokens --------------------------------------------------------------

TEST_CASE("a jwt of each algorithm is taken by its key alone") {
  for (auto signer : signers()) {
    auto token = signer->token(claims_with(R"(,"name":"Ada")"));
    for (auto other : signers()) {
      auto options = options_of(*other);
      jwt_verifier verifier{options};
      if (other == signer) {
        auto who = accept(verifier, token);
        CHECK(who.id == "u-1");
        CHECK(who.name == "Ada");
        CHECK(who.expiry == at(jwt_now + 60));
      } else {
        CHECK_THAT(refuse(verifier, token, options.key),
                   ContainsSubstring("alg"));
      }
    }
  }
}

TEST_CASE("a jwt of another key of the algorithm is refused") {
  auto claims = claims_with("");
  CHECK_THAT(refuse(jwt_verifier{options_of(jwt_hmac())},
                    jwt_signer::secret(jwt_secret + "\n").token(claims),
                    jwt_secret),
             ContainsSubstring("signature"));
  for (auto signer : {&jwt_rsa(), &jwt_curve()}) {
    auto options = options_of(*signer);
    auto other = signer == &jwt_rsa() ? jwt_signer::rsa(2048)
                                      : jwt_signer::curve();
    CHECK_THAT(refuse(jwt_verifier{options}, other.token(claims), options.key),
               ContainsSubstring("signature"));
  }
}

TEST_CASE("the jwt of RFC 7515, A.1 is taken") {
  // Its key is a JWK; the secret is what "k" is the base64url of.
  jwt_options options;
  options.key = detail::decode_base64url("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-Es"
                                         "tJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTw"
                                         "jAzZr1Z9CAow")
                  .value();
  // Which has no sub, so that all else has to be right.
  auto what
    = refuse(jwt_verifier{options},
             "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
             "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
             "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
             "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
             options.key, 1'300'819'000);
  CHECK_THAT(what, ContainsSubstring("the claim sub is missing"));
}

TEST_CASE("a jwt is verified on any thread, by copies as well") {
  for (auto signer : signers()) {
    jwt_verifier verifier{options_of(*signer)};
    auto good = signer->token(claims_with(""));
    auto bad = signer->token("{}") + "A";
    std::atomic<int> right = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&, mine = verifier] {
        for (int k = 0; k < 50; ++k)
          right += verifier.verify(good, at(jwt_now))
                   && !mine.verify(bad, at(jwt_now));
      });
    for (auto& thread : threads)
      thread.join();
    CHECK(right == 200);
  }
}

TEST_CASE("the time of a jwt is the system's unless told") {
  jwt_verifier verifier{options_of(jwt_hmac())};
  CHECK_FALSE(verifier.verify(jwt_hmac().token(R"({"sub":"a","exp":1000})")));
  CHECK(verifier.verify(jwt_hmac().token(R"({"sub":"a","exp":9000000000})")));
}

// -- forged tokens ------------------------------------------------------------

TEST_CASE("a jwt without a signature is refused, however it says none") {
  for (auto signer : signers()) {
    auto options = options_of(*signer);
    jwt_verifier verifier{options};
    for (int mask = 0; mask < 16; ++mask) {
      std::string none = "none";
      for (std::size_t i = 0; i < none.size(); ++i)
        if (mask >> i & 1)
          none[i] = static_cast<char>(none[i] - 'a' + 'A');
      auto header = R"({"alg":")" + none + R"("})";
      auto text = base64url(header) + "." + base64url(claims_with(""));
      CHECK_THAT(refuse(verifier, text + ".", options.key),
                 ContainsSubstring("alg"));
      CHECK_THAT(refuse(verifier, text, options.key),
                 ContainsSubstring("three parts"));
      // Not even when somebody who may sign says so.
      CHECK_THAT(refuse(verifier, signer->token(header, claims_with("")),
                        options.key),
                 ContainsSubstring("alg"));
    }
  }
}

TEST_CASE("a jwt without a signature, but with the right alg, is refused") {
  for (auto signer : signers()) {
    auto options = options_of(*signer);
    auto token = signer->token(claims_with(""));
    token.resize(token.rfind('.') + 1);
    CHECK_THAT(refuse(jwt_verifier{options}, token, options.key),
               ContainsSubstring("signature"));
  }
}

TEST_CASE("a jwt signed with the public key as the secret is refused") {
  for (auto signer : {&jwt_rsa(), &jwt_curve()}) {
    auto options = options_of(*signer);
    auto forger = jwt_signer::secret(options.key);
    jwt_verifier verifier{options};
    CHECK_THAT(refuse(verifier, forger.token(claims_with("")), options.key),
               ContainsSubstring("alg"));
    auto header = R"({"alg":")" + signer->algorithm() + R"("})";
    CHECK_THAT(refuse(verifier, forger.token(header, claims_with("")),
                      options.key),
               ContainsSubstring("signature"));
  }
}

TEST_CASE("a jwt may not bring its own key") {
  auto options = options_of(jwt_rsa());
  auto forger = jwt_signer::rsa(2048);
  auto header = R"({"alg":"RS256","jwk":{"kty":"RSA","e":"AQAB","n":"AA"},)"
                R"("jku":"https://evil.example/","kid":"../../dev/null"})";
  CHECK_THAT(refuse(jwt_verifier{options},
                    forger.token(header, claims_with("")), options.key),
             ContainsSubstring("signature"));
}

TEST_CASE("a jwt with one bit of the signature flipped is refused") {
  for (auto signer : signers()) {
    jwt_verifier verifier{options_of(*signer)};
    auto token = signer->token(claims_with(""));
    accept(verifier, token);
    auto text = token.substr(0, token.rfind('.') + 1);
    auto signature
      = detail::decode_base64url(token.substr(text.size())).value();
    int taken = 0;
    for (std::size_t i = 0; i < signature.size() * 8; ++i) {
      auto other = signature;
      other[i / 8] = static_cast<char>(other[i / 8] ^ (1 << (i % 8)));
      taken += bool{verifier.verify(text + base64url(other), at(jwt_now))};
    }
    CHECK(taken == 0);
  }
}

TEST_CASE("a jwt of ES256 has a signature of 64 bytes, and no other form") {
  auto options = options_of(jwt_curve());
  jwt_verifier verifier{options};
  auto token = jwt_curve().token(claims_with(""));
  auto text = token.substr(0, token.rfind('.') + 1);
  auto raw = detail::decode_base64url(token.substr(text.size())).value();
  // DER, all zero (CVE-2022-21449), the order of the curve, too long.
  auto der = "\x30\x44\x02\x20" + raw.substr(0, 32) + "\x02\x20"
             + raw.substr(32);
  auto order
    = detail::decode_base64url("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE")
        .value();
  for (auto& other : {der, std::string(64, '\0'), order + order, raw + '\0',
                      '\0' + raw, raw.substr(0, 63)})
    CHECK_THAT(refuse(verifier, text + base64url(other), options.key),
               ContainsSubstring("signature"));
}

TEST_CASE("a refused jwt leaves nothing in the queue of OpenSSL's errors") {
  ERR_clear_error();
  for (auto signer : signers()) {
    auto options = options_of(*signer);
    auto text = signer->token(claims_with(""));
    text.resize(text.rfind('.') + 1);
    for (auto size : {0u, 1u, 32u, 64u, 256u, 257u})
      refuse(jwt_verifier{options}, text + base64url(std::string(size, 'x')),
             options.key);
    CHECK_THROWS(jwt_verifier{{.algorithm = jwt_algorithm::rs256,
                               .key = "-----BEGIN PUBLIC KEY-----\nAAAA\n"}});
  }
  CHECK(ERR_peek_error() == 0);
}
