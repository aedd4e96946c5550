#include "flamigo/jwt/jwt_algorithm.hpp"

#include <stdexcept>

namespace flamigo {

std::string to_string(jwt_algorithm algorithm) {
  switch (algorithm) {
    case jwt_algorithm::hs256:
      return "HS256";
    case jwt_algorithm::rs256:
      return "RS256";
    case jwt_algorithm::es256:
      return "ES256";
  }
  throw std::invalid_argument{"this is not a jwt_algorithm"};
}

} // namespace flamigo
