#pragma once

#include <string>

#include <caf/allowed_unsafe_message_type.hpp>

#include "flamigo/claims.hpp"

namespace flamigo::detail {

/// Tells the roster whom to disconnect.
struct kick_order {
  /// Of a user if `is_user`, else of a connection.
  std::string id;
  bool is_user;

  bool concerns(const claims& who) const {
    return is_user ? who.user && who.user->id == id : who.connection_id == id;
  }
};

} // namespace flamigo::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::kick_order)
