#pragma once

#include <map>
#include <string>
#include <string_view>

#include <caf/expected.hpp>

#include "flamigo/claims/claims.hpp"
#include "flamigo/claims/user.hpp"

namespace flamigo::testing {

/// Whom an app takes its clients for: the token is the id or the name of a user
/// that was added.
class fake_users {
public:
  /// Replaces the user with this id.
  void add(user who);

  /// Verifies a token, as `authenticator` has it.
  caf::expected<user> operator()(std::string_view token, const claims&) const;

private:
  std::map<std::string, user, std::less<>> by_id_;
};

} // namespace flamigo::testing
