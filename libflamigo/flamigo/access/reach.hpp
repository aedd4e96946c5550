#pragma once

#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/access/door.hpp"
#include "flamigo/claims/claims.hpp"

namespace flamigo {

/// One of the doors by which somebody comes in.
struct reach {
  /// As `door::kind`.
  std::string kind;
  /// As `door::name`.
  std::string name;
  /// The predicates of the application on which it depends; empty where nobody
  /// else is asked.
  std::vector<std::string> depends_on = {};
};

BOOST_DESCRIBE_STRUCT(reach, (), (kind, name, depends_on))

/// Returns what such claims reach, or may reach, in the order of the doors:
///
///   auto guest = *flamigo::claims_like("guest");
///   auto found = flamigo::reachable(app.doors(), guest);
///
/// It is what the guards say. What a strategy does with a call, or another one
/// around it, is not looked at.
std::vector<reach> reachable(const std::vector<door>& doors, const claims& who);

} // namespace flamigo
