#include "flamigo/jwt/jwt_issuer.hpp"

#include <stdexcept>

#include <catch2/catch_test_macros.hpp>

#include "support/jwt_fixture.hpp"

using namespace flamigo;
using test::at;
using test::jwt_now;

namespace {

user ada() {
  return {
    "u/1", "Ada \"the first\" Ä", {"post", "delete"}, at(jwt_now + 60), {}};
}

} // namespace

TEST_CASE("the verifier takes what the issuer made") {
  auto options = test::options_of(test::jwt_hmac());
  options.issuer = "here";
  options.audience = "chat";
  jwt_issuer issuer{options};
  jwt_verifier verifier{options};
  auto token = issuer.issue(ada());
  auto expected = ada();
  expected.extras = {{"iss", "here"}, {"aud", "chat"}};
  CHECK(test::accept(verifier, token) == expected);
  CHECK_FALSE(verifier.verify(token, at(jwt_now + 60) + options.leeway));
  options.audience = "elsewhere";
  CHECK_FALSE(jwt_verifier{options}.verify(token, at(jwt_now)));
}

TEST_CASE("an issuer does not make what nobody would take") {
  auto options = test::options_of(test::jwt_hmac());
  auto forever = ada();
  forever.expiry.reset();
  auto nobody = ada();
  nobody.id.clear();
  CHECK_THROWS_AS(jwt_issuer{options}.issue(forever), std::invalid_argument);
  CHECK_THROWS_AS(jwt_issuer{options}.issue(nobody), std::invalid_argument);
  CHECK_THROWS_AS(jwt_issuer{test::options_of(test::jwt_rsa())},
                  std::invalid_argument);
  options.require_expiry = false;
  CHECK(test::accept(jwt_verifier{options}, jwt_issuer{options}.issue(forever))
        == forever);
}

TEST_CASE("base64url goes both ways") {
  for (std::string bytes :
       {std::string{}, std::string{"f"}, std::string{"fo"}, std::string{"foo"},
        std::string{"\xff\xfe\xfd\xfc\0", 5}}) {
    auto text = detail::encode_base64url(bytes);
    CHECK(text == test::base64url(bytes));
    CHECK(detail::decode_base64url(text) == bytes);
  }
}
