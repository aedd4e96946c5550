#include "flamigo/jwt/detail/jwt_refusal.hpp"

#include "flamigo/error/error.hpp"

namespace flamigo::detail {

caf::error invalid_token(const std::string& reason) {
  return make_error(errc::unauthorized, "the token is not valid",
                    "jwt: " + reason);
}

caf::error expired_token() {
  return make_error(errc::unauthorized, "the token has expired",
                    "jwt: the claim exp lies in the past");
}

} // namespace flamigo::detail
