#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "flamigo/auth/auth_options.hpp"
#include "flamigo/auth/detail/coarse_clock.hpp"

namespace flamigo {

class authenticator;

/// Authentication, switched on: what all connection actors need to know of it.
struct authentication {
  /// What holds for guests and for users whose proof has expired.
  auth_options options;
  /// The strategy that makes a client a user; see `authenticator`.
  std::string strategy;
  /// The clock that a user's expiry is read by, at each request of one who has
  /// an expiry: thread-safe, and cheap.
  std::function<std::chrono::system_clock::time_point()> now
    = detail::coarse_wall_time;
  /// Who verifies the tokens of requests over plain HTTP; null where the
  /// strategy alone can.
  std::shared_ptr<const authenticator> verifier = nullptr;
};

} // namespace flamigo
