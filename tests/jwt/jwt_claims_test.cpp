#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "support/jwt_fixture.hpp"

using namespace flamigo;
using namespace flamigo::test;
using Catch::Matchers::ContainsSubstring;

namespace {

using texts = std::vector<std::string>;

// Signed tokens, so that only the claims are in question.
struct issuer {
  issuer() {
    options.key = jwt_secret;
  }

  user accept(std::string_view payload, long long now = jwt_now) const {
    return test::accept(jwt_verifier{options}, jwt_hmac().token(payload), now);
  }

  std::string refuse(std::string_view payload, long long now = jwt_now) const {
    return test::refuse(jwt_verifier{options}, jwt_hmac().token(payload),
                        jwt_secret, now);
  }

  std::string told(std::string_view payload, long long now = jwt_now) const {
    jwt_verifier verifier{options};
    auto result = verifier.verify(jwt_hmac().token(payload), at(now));
    return result ? "" : public_message(result.error());
  }

  jwt_options options;
};

} // namespace

// -- who ----------------------------------------------------------------------

TEST_CASE_METHOD(issuer, "the claims of a jwt become a user") {
  auto who = accept(R"({"sub":"u-1","name":"Ad\u00e4","exp":2000000060,)"
                    R"("permissions":["a:b","c d"],"scope":"x y","iss":"me",)"
                    R"("aud":"chat","jti":"7","n":1,"o":{"a":"b"},"t":""})");
  user expected;
  expected.id = "u-1";
  expected.name = "Ad\xc3\xa4";
  expected.permissions = {"a:b", "c d"};
  expected.expiry = at(jwt_now + 60);
  expected.extras = {
    {"aud", "chat"}, {"iss", "me"}, {"jti", "7"}, {"scope", "x y"}, {"t", ""}};
  CHECK(who == expected);
}

TEST_CASE_METHOD(issuer, "a jwt needs a sub") {
  CHECK_THAT(refuse(R"({"exp":2000000060})"), ContainsSubstring("claim sub"));
  for (auto sub : {R"("")", "null", "1", "true", R"(["u"])", "{}"})
    CHECK_THAT(refuse(R"({"exp":2000000060,"sub":)" + std::string{sub} + "}"),
               ContainsSubstring("claim sub"));
}

TEST_CASE_METHOD(issuer, "a jwt's permissions are an array or a scope") {
  CHECK(accept(claims_with("")).permissions.empty());
  CHECK(accept(claims_with(R"(,"permissions":[])")).permissions.empty());
  CHECK(accept(claims_with(R"(,"scope":"")")).permissions.empty());
  CHECK(accept(claims_with(R"(,"scope":" ")")).permissions.empty());
  auto who = accept(claims_with(R"(,"scope":" a  b:c d ")"));
  CHECK(who.permissions == texts{"a", "b:c", "d"});
  CHECK(who.extras.empty());
  CHECK(accept(claims_with(R"(,"scope":["a","b:c"])")).permissions
        == texts{"a", "b:c"});
  // An empty array is an answer; the scope is not asked then.
  CHECK(accept(claims_with(R"(,"permissions":[],"scope":"a")"))
          .permissions.empty());
}

TEST_CASE_METHOD(issuer,
                 "a claim of a jwt that has the wrong type is refused") {
  for (auto members :
       {R"("name":1)", R"("permissions":"a")", R"("permissions":["a",1])",
        R"("permissions":[["a"]])", R"("permissions":{"a":true})",
        R"("scope":["a",1])", R"("scope":1)", R"("scope":{})", R"("nbf":"1")",
        R"("iat":[])", R"("aud":1)", R"("aud":["a",1])"})
    CHECK_THAT(refuse(claims_with("," + std::string{members})),
               ContainsSubstring("the claim"));
}

TEST_CASE_METHOD(issuer, "a claim of a jwt that is null is not there") {
  for (auto name : {"name", "permissions", "scope", "nbf", "iat", "aud", "x"}) {
    auto who = accept(claims_with(",\"" + std::string{name} + "\":null"));
    CHECK(who == accept(claims_with("")));
  }
  CHECK(accept(claims_with(R"(,"permissions":null,"scope":"a")")).permissions
        == texts{"a"});
  options.audience = "chat";
  CHECK_THAT(refuse(claims_with(R"(,"aud":null)")),
             ContainsSubstring("claim aud"));
}

TEST_CASE_METHOD(issuer,
                 "the payload of a jwt is an object of single members") {
  for (std::string_view payload :
       {"", "null", "[]", R"("sub")", "{", R"({"sub":"u-1")",
        R"({"sub":"u-1","exp":2000000060}x)",
        R"({"sub":"u-1","sub":"u-1","exp":2000000060})",
        R"({"sub":"u-1","\u0073ub":"admin","exp":2000000060})",
        R"({"sub":"u-1","exp":2000000060,"exp":9000000000})",
        R"({"sub":"u-1","exp":2000000060,"x":1,"x":2})",
        "{\"sub\":\"\xc0\x80\",\"exp\":2000000060}",
        R"({"sub":"\ud800","exp":2000000060})"})
    CHECK_THAT(refuse(payload), ContainsSubstring("JSON object"));
}

// -- when ---------------------------------------------------------------------

TEST_CASE_METHOD(issuer, "a jwt expires, and clocks may differ a little") {
  auto payload = claims_with("");
  accept(payload, jwt_now + 59);
  accept(payload, jwt_now + 60);
  CHECK(accept(payload, jwt_now + 89).expiry == at(jwt_now + 60));
  CHECK_THAT(refuse(payload, jwt_now + 90), ContainsSubstring("claim exp"));
  CHECK(told(payload, jwt_now + 90) == "the token has expired");
  options.leeway = std::chrono::seconds{0};
  accept(payload, jwt_now + 59);
  CHECK(told(payload, jwt_now + 60) == "the token has expired");
}

TEST_CASE_METHOD(issuer, "a jwt without an end has to be allowed") {
  CHECK_THAT(refuse(R"({"sub":"u-1"})"), ContainsSubstring("exp is missing"));
  options.require_expiry = false;
  CHECK(accept(R"({"sub":"u-1"})").expiry == std::nullopt);
  CHECK(told(R"({"sub":"u-1","exp":1})") == "the token has expired");
  CHECK(accept(R"({"sub":"u-1","exp":null})").expiry == std::nullopt);
}

TEST_CASE_METHOD(issuer, "the end of a jwt is a number, or the clock's end") {
  auto with = [](std::string_view exp) {
    return R"({"sub":"u-1","exp":)" + std::string{exp} + "}";
  };
  for (auto exp : {R"("2000000060")", "true", "null", "[2000000060]", "{}",
                   "1e400", "-1e400"}) {
    CHECK_THAT(refuse(with(exp)), ContainsSubstring("claim exp"));
    CHECK(told(with(exp)) == "the token is not valid");
  }
  for (auto exp : {"NaN", "Infinity", "0x7fffffff", "+2000000060",
                   "02000000060", "2000000060.", ".5", ""})
    CHECK_THAT(refuse(with(exp)), ContainsSubstring("JSON object"));
  for (auto exp : {"-1", "-0", "0", "1", "1e-400", "-9223372036", "-1.5",
                   "-9223372037", "-1e300"})
    CHECK(told(with(exp)) == "the token has expired");
  for (auto exp : {"9999999999", "9223372037", "9223372036.5", "1e19", "1e300",
                   "18446744073709551617"})
    CHECK(accept(with(exp)).expiry == at(9'223'372'036));
  CHECK(accept(with("9223372036")).expiry == at(9'223'372'036));
  CHECK(accept(with("2.00000006e9")).expiry == at(jwt_now + 60));
  CHECK(accept(with("2000000060.5")).expiry
        == at(jwt_now + 60) + std::chrono::milliseconds{500});
}

TEST_CASE_METHOD(issuer, "a jwt is not valid before its time") {
  for (std::string name : {"nbf", "iat"}) {
    auto payload = claims_with(",\"" + name + "\":2000000040");
    accept(payload, jwt_now + 40);
    accept(payload, jwt_now + 10);
    CHECK_THAT(refuse(payload, jwt_now + 9), ContainsSubstring(name));
    CHECK(told(payload, jwt_now + 9) == "the token is not valid");
    refuse(claims_with(",\"" + name + "\":1e300"));
  }
}

// -- for whom -----------------------------------------------------------------

TEST_CASE_METHOD(issuer, "a jwt is for its audience") {
  accept(claims_with(R"(,"aud":"else")"));
  options.audience = "chat";
  accept(claims_with(R"(,"aud":"chat")"));
  accept(claims_with(R"(,"aud":["chat"])"));
  accept(claims_with(R"(,"aud":["else","chat"])"));
  for (auto members :
       {"", R"(,"aud":"")", R"(,"aud":"cha")", R"(,"aud":"chat2")",
        R"(,"aud":"Chat")", R"(,"aud":"else chat")", R"(,"aud":[])",
        R"(,"aud":["else"])", R"(,"aud":["chat",1])", R"(,"aud":{"chat":1})",
        R"(,"aud":"chat\u0000")"})
    CHECK_THAT(refuse(claims_with(members)), ContainsSubstring("claim aud"));
}

TEST_CASE_METHOD(issuer, "a jwt is of its issuer") {
  accept(claims_with(R"(,"iss":"else")"));
  options.issuer = "https://id.example/";
  accept(claims_with(R"(,"iss":"https://id.example/")"));
  for (auto members : {"", R"(,"iss":"")", R"(,"iss":"https://id.example")",
                       R"(,"iss":null)", R"(,"iss":["https://id.example/"])"})
    CHECK_THAT(refuse(claims_with(members)), ContainsSubstring("claim iss"));
}

TEST_CASE_METHOD(issuer, "nobody is told what a refused jwt claims") {
  options.audience = "chat";
  refuse(claims_with(R"(,"name":["do-not-tell-anybody"])"));
  refuse(claims_with(R"(,"do-not-tell-anybody":1,"do-not-tell-anybody":1)"));
  refuse(claims_with(R"(,"aud":"do-not-tell-anybody")"));
  refuse(R"({"sub":"do-not-tell-anybody","exp":1,"aud":"chat"})");
}
