#pragma once

#include <string>

namespace flamigo {

/// An error that a strategy answers with besides those that any may.
struct declared_error {
  /// As HTTP has them: from 400 to 599.
  int status = 400;
  /// What programs read, such as `room_full`.
  std::string code = {};
  /// What people read in the contract.
  std::string description = {};
};

} // namespace flamigo
