#pragma once

#include "flamigo/auth/auth_options.hpp"
#include "flamigo/client/client_options.hpp"

namespace flamigo::testing {

/// The limits of an app, as a configuration has them.
struct app_options {
  /// Of each connection.
  client_options client = {};
  /// Only if the app authenticates.
  auth_options auth = {};
};

} // namespace flamigo::testing
