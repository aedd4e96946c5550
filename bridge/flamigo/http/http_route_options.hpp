#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "flamigo/claims/validator.hpp"

namespace flamigo {

/// What holds for the requests of one route, before its handler sees them.
struct http_route_options {
  /// Who may. With a guard, and where authentication is switched on
  /// (`application::authenticate` with what verifies a token), the header
  /// `Authorization: Bearer` is verified as that of a connection, and the
  /// claims have the user. A token that proves nothing is 401, and so is none
  /// unless the guard has `open_to_guests` in it; what the guard says no to is
  /// 403. Without a guard everyone may, and no header is looked at.
  validator guard = {};

  /// Size of a body; a larger one is 413, before it was read. Up to 1 GiB, all
  /// of it in memory.
  std::size_t max_body_bytes = 65'536;

  /// What a body may be, such as `application/json`; another one is 415, and so
  /// is one that does not say what it is. Parameters such as `charset` do not
  /// count. Empty means any.
  std::vector<std::string> content_types = {};
};

} // namespace flamigo
