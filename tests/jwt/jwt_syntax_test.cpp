#include <chrono>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "support/jwt_fixture.hpp"

using namespace flamigo;
using namespace flamigo::test;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string refuse_by_hmac(std::string_view token) {
  return refuse(jwt_verifier{options_of(jwt_hmac())}, token, jwt_secret);
}

} // namespace

TEST_CASE("a jwt that was cut off is refused wherever it ends") {
  for (auto signer : signers()) {
    auto options = options_of(*signer);
    jwt_verifier verifier{options};
    auto token = signer->token(claims_with(R"(,"name":"Ada")"));
    for (std::size_t i = 0; i < token.size(); ++i) {
      refuse(verifier, token.substr(0, i), options.key);
      refuse(verifier, token.substr(i + 1), options.key);
    }
  }
}

TEST_CASE("a jwt has three parts") {
  auto token = jwt_hmac().token(claims_with(""));
  for (auto& other : {std::string{}, std::string{"."}, std::string{"a"},
                      token + ".", "." + token, token + ".x.y"})
    CHECK_THAT(refuse_by_hmac(other), ContainsSubstring("three parts"));
  refuse_by_hmac("..");
  refuse_by_hmac("...");
}

TEST_CASE("there is one way to write a jwt") {
  auto token = jwt_hmac().token(claims_with(R"(,"name":"??>>~~")"));
  jwt_verifier verifier{options_of(jwt_hmac())};
  accept(verifier, token);
  auto dot = token.find('.');
  for (std::string_view more : {"=", "==", " ", "\n", "\r\n", "\t", "%3D", "+",
                                "/", "\xff", "\xc3\xa9", "A"}) {
    refuse_by_hmac(token + std::string{more});
    refuse_by_hmac(std::string{more} + token);
    refuse_by_hmac(std::string{token}.insert(dot, more));
    refuse_by_hmac(std::string{token}.insert(5, more));
  }
  refuse_by_hmac(token + '\0');
  // The last of 43 digits has two bits that mean nothing.
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"
                                      "opqrstuvwxyz0123456789-_";
  int taken = 0;
  for (auto digit : digits) {
    auto other = token;
    other.back() = digit;
    taken += bool{verifier.verify(other, at(jwt_now))};
  }
  CHECK(taken == 1);
}

TEST_CASE("the alphabet of a jwt is the one for addresses") {
  // A payload that has both of the digits in question.
  auto payload = claims_with(R"(,"name":"???>>>~~~")");
  auto token = jwt_hmac().token(payload);
  auto second = token.substr(token.find('.') + 1);
  second.resize(second.find('.'));
  CHECK(second.find_first_of("-_") != std::string::npos);
  auto text = token.substr(0, token.rfind('.'));
  for (auto& c : text)
    c = c == '-' ? '+' : c == '_' ? '/' : c;
  CHECK_THAT(refuse_by_hmac(text + "." + base64url(jwt_hmac().sign(text))),
             ContainsSubstring("base64url"));
}

TEST_CASE("a jwt that is too long is refused by its size") {
  auto options = options_of(jwt_rsa());
  options.max_bytes = 600;
  jwt_verifier verifier{options};
  auto token = jwt_rsa().token(claims_with(""));
  accept(verifier, token);
  auto filler = std::string(600, 'x');
  CHECK_THAT(refuse(verifier,
                    jwt_rsa().token(claims_with(R"(,"x":")" + filler + '"')),
                    options.key),
             ContainsSubstring("longer"));
  options.max_bytes = token.size();
  accept(jwt_verifier{options}, token);
  options.max_bytes = token.size() - 1;
  refuse(jwt_verifier{options}, token, options.key);
}

TEST_CASE("a jwt of a megabyte costs nothing") {
  jwt_verifier verifier{options_of(jwt_hmac())};
  auto token = jwt_hmac().token(
    claims_with(R"(,"x":")" + std::string(1 << 20, 'x') + '"'));
  CHECK_THAT(refuse_by_hmac(token), ContainsSubstring("longer"));
  auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 1'000; ++i)
    CHECK_FALSE(verifier.verify(token));
  // Were it decoded, this would take seconds.
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{1});
}

TEST_CASE("the header of a jwt is an object that says one thing once") {
  auto claims = claims_with("");
  for (std::string_view header :
       {"",
        " ",
        "{",
        "null",
        "[]",
        R"("HS256")",
        R"(["HS256"])",
        "{}",
        R"({"alg":null})",
        R"({"alg":["HS256"]})",
        R"({"alg":"hs256"})",
        R"({"alg":"HS256 "})",
        R"({"alg":"HS384"})",
        R"({"alg":""})",
        R"({"Alg":"HS256"})",
        R"({"alg":"HS256"}x)",
        R"({"alg":"HS256"}{})",
        R"({"alg":"HS256","alg":"HS256"})",
        R"({"alg":"none","alg":"HS256"})",
        R"({"alg":"HS256","\u0061lg":"none"})",
        R"({"alg":"HS256",})",
        "{\"alg\":\"HS256\",\"x\":\"\xff\"}",
        R"({"alg":"HS256","crit":[]})",
        R"({"alg":"HS256","crit":["exp"],"exp":1})",
        R"({"alg":"HS256","crit":["b64"],"b64":false})",
        R"({"alg":"HS256","crit":null})"}) {
    refuse_by_hmac(jwt_hmac().token(header, claims));
  }
  refuse_by_hmac(
    jwt_hmac().token(std::string{"{\"alg\":\"HS256\"}\0", 16}, claims));
  // What is not known, and not critical, is ignored (RFC 7515, 4).
  jwt_verifier verifier{options_of(jwt_hmac())};
  accept(verifier,
         jwt_hmac().token(R"({"kid":"1","alg":"HS256","x":{}})", claims));
  accept(verifier, jwt_hmac().token(R"( { "\u0061lg" : "HS256" } )", claims));
}

TEST_CASE("a jwt of deep JSON is refused") {
  for (auto depth : {200u, 3'000u, 5'000u}) {
    auto nested = std::string(depth, '[') + std::string(depth, ']');
    refuse_by_hmac(jwt_hmac().token(claims_with(",\"x\":" + nested)));
    refuse_by_hmac(
      jwt_hmac().token(R"({"alg":"HS256","x":)" + nested + "}", "{}"));
    refuse_by_hmac(jwt_hmac().token(std::string(depth, '{')));
  }
}
