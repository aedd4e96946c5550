#include "flamigo/jwt/jwt_issuer.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/json/detail/base64.hpp"
#include "flamigo/json/json.hpp"

namespace flamigo {

namespace {

struct payload {
  std::string sub;
  std::string name;
  std::vector<std::string> permissions;
  std::optional<std::int64_t> exp;
  std::optional<std::string> iss;
  std::optional<std::string> aud;
};

BOOST_DESCRIBE_STRUCT(payload, (), (sub, name, permissions, exp, iss, aud))

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional{text};
}

} // namespace

jwt_issuer::jwt_issuer(jwt_options options)
  : options_(std::move(options)), key_(options_.algorithm, options_.key) {
  detail::wipe(options_.key);
  if (options_.algorithm != jwt_algorithm::hs256)
    throw std::invalid_argument{"a jwt_issuer signs with HS256 only"};
}

std::string jwt_issuer::issue(const user& who) const {
  using namespace std::chrono;
  if (who.id.empty())
    throw std::invalid_argument{"a token is for a user with an id"};
  if (!who.expiry && options_.require_expiry)
    throw std::invalid_argument{"a token needs an expiry, or options that do "
                                "not require one"};
  payload claims{who.id,
                 who.name,
                 who.permissions,
                 {},
                 unless_empty(options_.issuer),
                 unless_empty(options_.audience)};
  if (who.expiry)
    claims.exp = floor<seconds>(*who.expiry).time_since_epoch().count();
  auto text = detail::encode_base64url(R"({"alg":"HS256","typ":"JWT"})") + "."
              + detail::encode_base64url(to_json(claims));
  return text + "." + detail::encode_base64url(key_.sign(text));
}

} // namespace flamigo
