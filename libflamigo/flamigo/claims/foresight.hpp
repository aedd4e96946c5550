#pragma once

#include <string>
#include <vector>

namespace flamigo {

/// What a guard will say to claims that nobody has yet, as far as that can be
/// told from what it is made of.
struct foresight {
  /// From less to more.
  enum class answer {
    no,
    depends,
    yes
  };
  /// What it will say.
  answer says = answer::yes;
  /// On what it depends, all of which have to agree: predicates of the
  /// application, `any_of` and `negate` of such. Empty unless it `depends`.
  std::vector<std::string> on = {};

  bool operator==(const foresight& other) const;
};

/// Returns what a predicate of the application will say, which nobody knows
/// before it is asked.
/// @relates foresight
foresight depends_on(std::string predicate);

/// Returns what both together will say, as `all_of` does.
/// @relates foresight
foresight both(foresight x, const foresight& y);

/// Returns what one or the other will say, as `any_of` does.
/// @relates foresight
foresight either(foresight x, const foresight& y);

/// Returns the opposite, as `negate` does.
/// @relates foresight
foresight opposite(foresight x);

} // namespace flamigo
