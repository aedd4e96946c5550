#include "flamigo/jwt/jwt_verifier.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "flamigo/json/detail/base64.hpp"
#include "flamigo/jwt/detail/jwt_claims.hpp"
#include "flamigo/jwt/detail/jwt_members.hpp"
#include "flamigo/jwt/detail/jwt_refusal.hpp"

namespace flamigo {

namespace {

// The parts as they were sent.
struct token_parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  // What is signed: header and payload.
  std::string_view signed_text;
};

std::optional<token_parts> split(std::string_view token) {
  constexpr auto npos = std::string_view::npos;
  auto first = token.find('.');
  if (first == npos)
    return std::nullopt;
  auto second = token.find('.', first + 1);
  // Five parts are an encrypted token.
  if (second == npos || token.find('.', second + 1) != npos)
    return std::nullopt;
  return token_parts{token.substr(0, first),
                     token.substr(first + 1, second - first - 1),
                     token.substr(second + 1), token.substr(0, second)};
}

} // namespace

jwt_verifier::jwt_verifier(jwt_options options)
  : options_(std::move(options)), algorithm_(to_string(options_.algorithm)),
    key_(options_.algorithm, options_.key) {
  using namespace std::chrono_literals;
  detail::wipe(options_.key);
  if (options_.leeway < 0s || options_.leeway > 1h)
    throw std::invalid_argument{
      "the leeway of a jwt_verifier must be between 0 seconds and an hour"};
}

caf::expected<user> jwt_verifier::verify(std::string_view token) const {
  return verify(token, std::chrono::system_clock::now());
}

caf::expected<user> jwt_verifier::verify(std::string_view token,
                                         time_point now) const {
  if (token.size() > options_.max_bytes)
    return detail::invalid_token("it is longer than max_bytes");
  auto parts = split(token);
  if (!parts)
    return detail::invalid_token("it does not have three parts");
  auto header = detail::decode_base64url(parts->header);
  auto payload = detail::decode_base64url(parts->payload);
  auto signature = detail::decode_base64url(parts->signature);
  if (!header || !payload || !signature)
    return detail::invalid_token("a part is not base64url without padding");
  if (auto err = check_header(*header))
    return err;
  // Nothing is read from the payload before it is known whose it is.
  if (!key_.verifies(parts->signed_text, *signature))
    return detail::invalid_token("the signature does not match the key");
  auto claims = detail::read_jwt_claims(*payload);
  if (!claims)
    return std::move(claims.error());
  if (auto err = judge(*claims, now))
    return err;
  return std::move(claims->who);
}

caf::error jwt_verifier::check_header(std::string_view json) const {
  auto members = detail::read_jwt_members(json);
  if (!members)
    return detail::invalid_token("the header is not a JSON object with members "
                                 "that stand once");
  auto alg = detail::find_text(*members, "alg");
  if (!alg || *alg != algorithm_)
    return detail::invalid_token("the header's alg is not the one of the key");
  // We know no extension, and must refuse what we do not know (RFC 7515,
  // 4.1.11).
  if (members->contains("crit"))
    return detail::invalid_token("the header has crit");
  return {};
}

caf::error jwt_verifier::judge(const detail::jwt_claims& claims,
                               time_point now) const {
  auto& expiry = claims.who.expiry;
  if (!expiry && options_.require_expiry)
    return detail::invalid_token("the claim exp is missing");
  // The moment itself is too late (RFC 7519, 4.1.4).
  if (expiry && now - options_.leeway >= *expiry)
    return detail::expired_token();
  if (claims.not_before && now + options_.leeway < *claims.not_before)
    return detail::invalid_token("the claim nbf lies in the future");
  if (claims.issued_at && now + options_.leeway < *claims.issued_at)
    return detail::invalid_token("the claim iat lies in the future");
  if (!options_.issuer.empty() && claims.issuer != options_.issuer)
    return detail::invalid_token("the claim iss is not the issuer");
  auto& all = claims.audience;
  if (!options_.audience.empty()
      && std::find(all.begin(), all.end(), options_.audience) == all.end())
    return detail::invalid_token("the claim aud does not have the audience");
  return {};
}

} // namespace flamigo
