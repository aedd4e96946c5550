#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/json/detail/base64.hpp"
#include "flamigo/jwt/jwt_verifier.hpp"
#include "support/jwt_maker.hpp"

namespace flamigo::test {

inline const std::string jwt_secret
  = "correct horse battery staple, twice over";

/// One key for each algorithm, made once: RSA takes its time.
inline const jwt_signer& jwt_hmac() {
  static const auto result = jwt_signer::secret(jwt_secret);
  return result;
}

inline const jwt_signer& jwt_rsa() {
  static const auto result = jwt_signer::rsa(2048);
  return result;
}

inline const jwt_signer& jwt_curve() {
  static const auto result = jwt_signer::curve();
  return result;
}

inline const std::vector<const jwt_signer*>& signers() {
  static const std::vector<const jwt_signer*> result{&jwt_hmac(), &jwt_rsa(),
                                                     &jwt_curve()};
  return result;
}

inline jwt_options options_of(const jwt_signer& signer) {
  jwt_options result;
  if (&signer == &jwt_hmac()) {
    result.key = jwt_secret;
  } else {
    result.algorithm = signer.algorithm() == "RS256" ? jwt_algorithm::rs256
                                                     : jwt_algorithm::es256;
    result.key = signer.public_pem();
  }
  return result;
}

/// When the tests take place: 2033-05-18, 03:33:20 UTC.
inline constexpr long long jwt_now = 2'000'000'000;

inline jwt_verifier::time_point at(long long seconds) {
  return jwt_verifier::time_point{std::chrono::seconds{seconds}};
}

/// A payload that is good for a minute more.
inline std::string claims_with(std::string_view members) {
  return R"({"sub":"u-1","exp":2000000060)" + std::string{members} + "}";
}

inline user accept(const jwt_verifier& verifier, std::string_view token,
                   long long now = jwt_now) {
  auto result = verifier.verify(token, at(now));
  INFO(token);
  INFO((result ? "" : trace_of(result.error())));
  REQUIRE(result);
  return *result;
}

/// Returns what the log says about a token that is refused. Whatever it is,
/// nobody is told anything of the token or the key.
inline std::string refuse(const jwt_verifier& verifier, std::string_view token,
                          std::string_view key, long long now = jwt_now) {
  auto result = verifier.verify(token, at(now));
  INFO(token);
  REQUIRE_FALSE(result);
  auto& err = result.error();
  CHECK(err == errc::unauthorized);
  auto told = public_message(err);
  auto trace = trace_of(err);
  CHECK((told == "the token is not valid" || told == "the token has expired"));
  CHECK(trace.size() < 200);
  auto hidden = [&](std::string_view text) {
    // A shorter piece may be there by chance.
    for (std::size_t i = 0; i + 12 <= text.size() && i < 4'000; ++i)
      if (trace.find(text.substr(i, 12)) != std::string::npos
          || told.find(text.substr(i, 12)) != std::string::npos)
        FAIL_CHECK("it is told: " << text.substr(i, 12));
  };
  hidden(key);
  hidden(token);
  for (auto rest = token; !rest.empty();) {
    auto part = rest.substr(0, rest.find('.'));
    if (auto decoded = detail::decode_base64url(part))
      hidden(*decoded);
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  }
  return trace;
}

} // namespace flamigo::test
