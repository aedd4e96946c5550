#include "flamigo/engineio/detail/engine_error.hpp"

#include <array>
#include <cstddef>
#include <string>

namespace flamigo::detail {

http_response response_of(engine_error what) {
  constexpr std::array texts{
    "Transport unknown", "Session ID unknown", "Bad handshake method",
    "Bad request",       "Forbidden",          "Unsupported protocol version",
  };
  auto code = static_cast<int>(what);
  return {.status = what == engine_error::forbidden ? 403u : 400u,
          .content_type = "application/json",
          .body = R"({"code":)" + std::to_string(code) + R"(,"message":")"
                  + texts[static_cast<std::size_t>(code)] + "\"}"};
}

} // namespace flamigo::detail
