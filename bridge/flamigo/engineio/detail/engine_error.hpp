#pragma once

#include "flamigo/http/http.hpp"

namespace flamigo::detail {

/// What is wrong with a request, with the numbers that clients read.
enum class engine_error {
  unknown_transport = 0,
  unknown_session = 1,
  bad_handshake_method = 2,
  bad_request = 3,
  forbidden = 4,
  unsupported_version = 5,
};

/// The response that says so, as JSON.
http_response response_of(engine_error what);

} // namespace flamigo::detail
