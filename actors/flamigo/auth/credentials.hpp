#pragma once

#include <string>

#include <caf/allowed_unsafe_message_type.hpp>

#include "flamigo/claims/claims.hpp"

namespace flamigo {

/// What a client shows to become a user. Never put it into a log or an error.
struct credentials {
  /// As it came; whether it means something is to be found out.
  std::string token;
  /// Of the connection that shows it: where it comes from, and the headers of
  /// the handshake that the server keeps.
  claims_ptr handshake;
};

} // namespace flamigo

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::credentials)
